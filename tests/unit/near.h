/* cmocka's assert_float_equal works in single precision, which is too coarse here. Include after cmocka.h. */
#ifndef TRANSEPT_TESTS_NEAR_H
#define TRANSEPT_TESTS_NEAR_H

#include <math.h>

static inline void near_check(double seen, double expected, double tolerance, const char *what,
                              const char *file, int line) {
    if (!(fabs(seen - expected) <= tolerance)) { /* so that NaN fails */
        print_error("%s is %.17g, expected %.17g within %g\n", what, seen, expected, tolerance);
        _fail(file, line);
    }
}

#define assert_near(seen, expected, tolerance)                                                               \
    near_check((seen), (expected), (tolerance), #seen, __FILE__, __LINE__)

#endif
