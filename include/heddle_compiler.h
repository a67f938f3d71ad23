/* What differs between compilers, and nothing else: the only file of heddle
 * with #if's on one. Included by heddle.h; safe in C and C++. */
#ifndef HEDDLE_COMPILER_H
#define HEDDLE_COMPILER_H

#if defined(_WIN32)
#define HEDDLE_EXPORT __declspec(dllexport)
#else
#define HEDDLE_EXPORT __attribute__((visibility("default")))
#endif

/* printf-style checking of argument `text`, values from `first` on. MinGW's gcc takes printf for
 * that of an old msvcrt.dll, without %zu; heddle's own is as C11 has it. */
#if defined(__MINGW32__) && !defined(__clang__)
#define HEDDLE_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#elif defined(__GNUC__) || defined(__clang__)
#define HEDDLE_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define HEDDLE_PRINTF(text, first)
#endif

#endif
