/* Starting another program: vfork, exec, its end. The program is our own, three instructions in a file in memory, so that every system
 * starts the same: no shell, no dynamic linker, no disk. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

/* How the program ends, so that its end is told from any other. */
#define STATUS 42

/* exit_group(STATUS), by each ISA's entry into the kernel (isa.md) and its own number for that call (asm/unistd.h). */
#if defined(TSP_ISA_X86_64)
#define PROGRAM ".intel_syntax noprefix; mov eax, 231; mov edi, 42; syscall; .att_syntax prefix"
#elif defined(TSP_ISA_ARM64)
#define PROGRAM "mov x8, #94; mov x0, #42; svc #0"
#elif defined(TSP_ISA_RISCV64)
#define PROGRAM "li a7, 94; li a0, 42; ecall"
#elif defined(TSP_ISA_PPC64EL)
#define PROGRAM "li 0, 234; li 3, 42; sc"
#elif defined(TSP_ISA_S390X)
#define PROGRAM "lghi %r2, 42; svc 248"
#elif defined(TSP_ISA_ARMHF) && defined(__thumb__)
#define PROGRAM ".arm; mov r7, #248; mov r0, #42; svc #0; .thumb"
#elif defined(TSP_ISA_ARMHF)
#define PROGRAM "mov r7, #248; mov r0, #42; svc #0"
#endif

#ifdef PROGRAM

__asm__(".pushsection .rodata\n\t"
        ".balign 8\n"
        "tsp_exit_program:\n\t" PROGRAM "\n"
        "tsp_exit_program_end:\n\t"
        ".popsection");
extern const char program_start[] __asm__("tsp_exit_program") __attribute__((visibility("hidden")));
extern const char program_end[] __asm__("tsp_exit_program_end") __attribute__((visibility("hidden")));

/* This very program's header, by the linker: the new one's says the same of machine, byte order and ABI. */
extern const ElfW(Ehdr) own_header __asm__("__ehdr_start") __attribute__((visibility("hidden")));

/* Where the file is mapped: over vm.mmap_min_addr, and at a boundary of any ISA's largest base page. */
#define ADDRESS 0x400000
#define ALIGN   0x10000

/* A whole executable: headers, then the instructions. */
struct image {
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    char code[32];
};

struct start {
    unsigned long done;
    int file;
};

static void fill_image(struct image *image) {
    memset(image, 0, sizeof *image);
    memcpy(image->code, program_start, (size_t)(program_end - program_start));
    image->header = own_header;
    image->header.e_type = ET_EXEC;
    image->header.e_entry = ADDRESS + offsetof(struct image, code);
    image->header.e_phoff = offsetof(struct image, segment);
    image->header.e_phnum = 1;
    image->header.e_shoff = 0;
    image->header.e_shnum = 0;
    image->header.e_shstrndx = 0;
    image->segment.p_type = PT_LOAD;
    image->segment.p_flags = PF_R | PF_X;
    image->segment.p_vaddr = ADDRESS;
    image->segment.p_paddr = ADDRESS;
    image->segment.p_filesz = sizeof *image;
    image->segment.p_memsz = sizeof *image;
    image->segment.p_align = ALIGN;
}

/* In a function of its own: what the child does to registers must not reach the parent's, whose stack it shares. Does not return. */
static __attribute__((noinline, noreturn)) void become_program(int file) {
    char *nothing[] = {NULL};
    long error = tsp_syscall5(SYS_execveat, file, (long)"", (long)nothing, (long)nothing, AT_EMPTY_PATH);
    _exit((int)-error);
}

/* How the program ended: STATUS, or the error for which it did not start. */
static __attribute__((noinline)) int start_and_wait(int file) {
    int status = 0;
    pid_t child = vfork(); /* NOLINT: what is measured */
    if (child == 0) {
        become_program(file); /* NOLINT: calls nothing but exec and _exit */
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                                 : EINTR;
}

static void wait_for_it(void *state, uint64_t ops) {
    struct start *start = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, STATUS, start_and_wait(start->file)));
    start->done += done;
}

/* MFD_EXEC (Linux 6.3) says that the file is to be executed; older kernels do not know it and ask for nothing. */
static int make_file(void) {
    int file = (int)syscall(SYS_memfd_create, "transept-exit", 0x10U | MFD_CLOEXEC);
    return file >= 0 || errno != EINVAL ? file : memfd_create("transept-exit", MFD_CLOEXEC);
}

static int setup(struct tsp_bench *bench) {
    struct image image;
    struct start *start = tsp_alloc(bench, sizeof *start, 64);
    if (start == NULL) {
        return -1;
    }
    bench->state = start;
    start->file = make_file();
    fill_image(&image);
    if (start->file < 0 || write(start->file, &image, sizeof image) != (ssize_t)sizeof image) {
        return tsp_skip(bench, "a program cannot be put into memory: %s", strerror(errno));
    }
    int status = start_and_wait(start->file);
    if (status == ENOEXEC || status == ENOSYS) {
        return tsp_skip(bench,
                        "the kernel starts no program for %s from memory (%s): an emulator stands before it",
                        TSP_ISA_NAME, strerror(status));
    }
    return status == STATUS ? 0
                            : tsp_skip(bench, "a program in memory cannot be started: %s", strerror(status));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct start *start = bench->state;
    return check_done(bench, start->done, ops, 1);
}

static void teardown(struct tsp_bench *bench) {
    const struct start *start = bench->state;
    (void)close(start->file);
}

TSP_KERNEL(.family = "syscall", .kernel = "vfork-exec", .variant = "wait",
           .summary = "the smallest program started and waited for", .mode = TSP_MODE_PER_OP,
           .run = wait_for_it, .setup = setup, .check = check, .teardown = teardown,
           .implementation = "libc vfork(), execveat, waitpid()");

#else

TSP_KERNEL(.family = "syscall", .kernel = "vfork-exec", .variant = "wait",
           .summary = "the smallest program started and waited for");

#endif
