#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64];

void begin_with_files(void) {
  begin(2);
  (void)snprintf(directory, sizeof(directory), "/tmp/heddle-engine-XXXXXX");
  NEED(mkdtemp(directory) != NULL);
}

void end_with_files(void) {
  char command[128];
  end();
  (void)snprintf(command, sizeof(command), "rm -rf %s", directory);
  CHECK_EQ(system(command), 0);
}

const char *files_directory(void) {
  return directory;
}

const char *path_of(const char *name) {
  static char path[256];
  (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
  return path;
}

const char *file_made(const char *name, size_t size) {
  const char *path = path_of(name);
  FILE *file = fopen(path, "w");
  NEED(file != NULL);
  for (size_t i = 0; i < size; i++)
    (void)fputc((int)(i % 251), file);
  NEED(fclose(file) == 0);
  return path;
}

int files_there(void) {
  int count = 0;
  DIR *folder = opendir(files_directory());
  NEED(folder != NULL);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  (void)closedir(folder);
  return count;
}

struct stat about(const char *path) {
  struct stat result;
  NEED(lstat(path, &result) == 0);
  return result;
}

heddle_value text_of(const char *text) {
  return string_value(text, strlen(text));
}

int open_files(void) {
  int count = 0;
  for (int fd = 0; fd < 200; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

const outcome *run_with_files(const hd_definition *definition, const heddle_value *args) {
  static bool warm; /* the pool's threads have no files of their own */
  int before = open_files();
  job *j = job_of(&w, HD_SETTLED, 1, 1, definition, args);
  world_run(&w);
  if (warm)
    CHECK_EQ(open_files(), before);
  warm = true;
  return &j->outcomes[0];
}
