/* Calls of libuv that fail, or lie, when a test says so. */
#ifndef TEST_FAILING_FS_H
#define TEST_FAILING_FS_H

/* Renaming, and making a file that must be new, fail with libuv's error from
 * now on; 0: no longer. */
void rename_fails(int status);
void new_files_fail(int status);

/* Files say that they have so many bytes more than they have. */
void sizes_lie(unsigned bytes);

/* Writing puts at most so many bytes at once from now on, which may be none;
 * UINT_MAX: as many as the system likes. */
void writes_put(unsigned most);

#endif
