# What `make test ARCH=… ARGS=…` was told is not for a make that a test starts. Sourced by the tests that start one.
# shellcheck shell=bash
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL ARCH SUITE ARGS METRIC MODEL PRESET PREFIX
