/* The calls into the kernel: arguments, results, errno. test_isa_syscall_generic.c compiles the same tests with the POSIX form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "transept/isa.h"

/* Calls whose every argument shows in the result, so that two of them in each other's place cannot pass. */
static void arguments_arrive_in_order_0_to_3(void **state) {
    (void)state;
    int ends[2] = {-1, -1};
    char text[8] = "";
    assert_int_equal(tsp_syscall0(SYS_getpid), getpid());
    assert_int_equal(tsp_syscall2(SYS_pipe2, (long)ends, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(ends[1], F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_NONBLOCK | O_WRONLY);
    assert_int_equal(tsp_syscall3(SYS_write, ends[1], (long)"abcdef", 3), 3);
    assert_int_equal(tsp_syscall3(SYS_read, ends[0], (long)text, sizeof text), 3);
    assert_string_equal(text, "abc");
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(tsp_syscall1(SYS_close, ends[i]), 0);
        assert_int_equal(tsp_syscall1(SYS_close, ends[i]), -EBADF);
    }
}

static void arguments_arrive_in_order_4_to_6(void **state) {
    (void)state;
    int ends[2] = {-1, -1}, type = -1;
    socklen_t size = sizeof type;
    assert_int_equal(tsp_syscall4(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, (long)ends), 0);
    assert_int_equal(tsp_syscall5(SYS_getsockopt, ends[0], SOL_SOCKET, SO_TYPE, (long)&type, (long)&size), 0);
    assert_int_equal(type, SOCK_DGRAM);
    assert_int_equal(size, sizeof type);

    /* The sender binds itself to an abstract name; a peek that is too short returns the whole length, a part, and that name. */
    struct sockaddr_un name = {.sun_family = AF_UNIX}, sender = {0};
    const socklen_t name_size = offsetof(struct sockaddr_un, sun_path) + 1 +
                                (socklen_t)snprintf(name.sun_path + 1, 40, "tsp-isa-%ld", (long)getpid());
    socklen_t sender_size = sizeof sender;
    char text[8] = "";
    assert_int_equal(bind(ends[1], (const struct sockaddr *)&name, name_size), 0);
    assert_int_equal(write(ends[1], "abcdef", 6), 6);
    assert_int_equal(tsp_syscall6(SYS_recvfrom, ends[0], (long)text, 3, MSG_PEEK | MSG_TRUNC, (long)&sender,
                                  (long)&sender_size),
                     6);
    assert_string_equal(text, "abc");
    assert_int_equal(sender_size, name_size);
    assert_memory_equal(&sender, &name, name_size);
    close(ends[0]);
    close(ends[1]);
}

static void failures_are_negative_errno_and_errno_is_left_alone(void **state) {
    (void)state;
    int type = 0;
    socklen_t size = sizeof type;
    errno = E2BIG;
    assert_int_equal(tsp_syscall1(SYS_close, -1), -EBADF);
    assert_int_equal(tsp_syscall3(SYS_write, -1, (long)"x", 1), -EBADF);
    assert_int_equal(tsp_syscall2(SYS_pipe2, 0, 0), -EFAULT);
    assert_int_equal(tsp_syscall4(SYS_socketpair, AF_UNIX, -1, 0, 0), -EINVAL);
    assert_int_equal(tsp_syscall5(SYS_getsockopt, -1, SOL_SOCKET, SO_TYPE, (long)&type, (long)&size), -EBADF);
    assert_int_equal(tsp_syscall6(SYS_recvfrom, -1, 0, 0, 0, 0, 0), -EBADF);
    assert_true(tsp_syscall0(SYS_getpid) > 0);
    assert_int_equal(errno, E2BIG);
}

/* More values than registers are alive over the calls: one that a call overwrites and does not name would be lost here. */
static void calls_keep_the_registers_of_others(void **state) {
    (void)state;
    unsigned long kept[10];
    unsigned long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10;
    TSP_HIDE(a);
    TSP_HIDE(b);
    TSP_HIDE(c);
    TSP_HIDE(d);
    TSP_HIDE(e);
    TSP_HIDE(f);
    TSP_HIDE(g);
    TSP_HIDE(h);
    TSP_HIDE(i);
    TSP_HIDE(j);
    const long pid = tsp_syscall0(SYS_getpid);
    const long again = tsp_syscall6(SYS_getpid, 11, 12, 13, 14, 15, 16);
    const unsigned long all[] = {a, b, c, d, e, f, g, h, i, j};
    memcpy(kept, all, sizeof all);
    for (unsigned long k = 0; k < 10; ++k) {
        assert_int_equal(kept[k], k + 1);
    }
    assert_int_equal(pid, again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_arrive_in_order_0_to_3),
        cmocka_unit_test(arguments_arrive_in_order_4_to_6),
        cmocka_unit_test(failures_are_negative_errno_and_errno_is_left_alone),
        cmocka_unit_test(calls_keep_the_registers_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
