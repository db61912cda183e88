/* The callee of abi/call/add, in an object of its own. */
#include "add.h"

int tsp_program_add(int a, int b) {
    return a + b;
}
