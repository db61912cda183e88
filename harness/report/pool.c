/* Several rounds' distributions as one. */
#include <math.h>
#include <stdlib.h>

#include "transept/report.h"

/* A quantile of a round, and the share of all samples that is thought to lie around it. */
struct point {
    double value;
    double share;
};

static int compare_points(const void *left, const void *right) {
    const struct point *a = left;
    const struct point *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

/* Puts every sketch's points down, each with a hundredth of its round's weight; the ends with half of that, as they have one neighbour. */
static size_t put_points(struct point *points, const struct tsp_report_sketch *sketches, size_t count,
                         double total) {
    size_t used = 0;
    for (size_t i = 0; i < count; ++i) {
        for (unsigned k = 0; k < TSP_SKETCH_POINTS && sketches[i].weight > 0; ++k) {
            bool end = k == 0 || k == TSP_SKETCH_POINTS - 1;
            double share = sketches[i].weight / total / (TSP_SKETCH_POINTS - 1) * (end ? 0.5 : 1);
            points[used++] = (struct point){.value = sketches[i].points[k], .share = share};
        }
    }
    qsort(points, used, sizeof *points, compare_points);
    return used;
}

/* Walks up the points: a quantile lies between the two whose middles of mass enclose it. */
static void read_quantiles(double pooled[TSP_SKETCH_POINTS], const struct point *points, size_t used) {
    size_t next = 0;
    double below = 0;               /* mass of the points before `next` */
    double before = 0;              /* the middle of mass of the last one passed … */
    double value = points[0].value; /* … and where it lies */
    for (unsigned k = 0; k < TSP_SKETCH_POINTS; ++k) {
        double wanted = (double)k / (TSP_SKETCH_POINTS - 1);
        while (next < used && below + points[next].share / 2 < wanted) {
            before = below + points[next].share / 2;
            value = points[next].value;
            below += points[next].share;
            ++next;
        }
        pooled[k] = value;
        if (next < used) {
            double middle = below + points[next].share / 2;
            double part = middle > before ? (wanted - before) / (middle - before) : 1;
            pooled[k] += part * (points[next].value - value);
        }
    }
    pooled[0] = points[0].value;
    pooled[TSP_SKETCH_POINTS - 1] = points[used - 1].value;
}

bool tsp_report_pool(double pooled[TSP_SKETCH_POINTS], const struct tsp_report_sketch *sketches,
                     size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; ++i) {
        total += sketches[i].weight > 0 ? sketches[i].weight : 0;
    }
    struct point *points = count > 0 && total > 0 ? calloc(count * TSP_SKETCH_POINTS, sizeof *points) : NULL;
    if (points == NULL) {
        return false;
    }
    read_quantiles(pooled, points, put_points(points, sketches, count, total));
    free(points);
    return true;
}
