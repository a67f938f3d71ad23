/* A folder for the files of a test, and a check that tasks leave none open. */
#ifndef TEST_FILES_H
#define TEST_FILES_H

#include <sys/stat.h>

#include "scene.h"

/* Makes the folder, and a scene with two threads. */
void begin_with_files(void);
void end_with_files(void);

/* The folder. */
const char *files_directory(void);

/* In the folder; valid until the next call. */
const char *path_of(const char *name);
/* A file of `size` bytes, the n-th of which is n % 251. */
const char *file_made(const char *name, size_t size);
int open_files(void);
/* Files in the folder; a temporary one would count. */
int files_there(void);
/* Of the name itself. */
struct stat about(const char *path);
heddle_value text_of(const char *text);

/* Runs one task to its end; the outcome lives until end_with_files(). */
const outcome *run_with_files(const hd_definition *definition, const heddle_value *args);

#endif
