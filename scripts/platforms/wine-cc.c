/* The compiler that tests under wine call. Wine starts programs of Linux, but does not tell when
 * they end: this one has its arguments given to wine-cc.js, and waits for the file in which that
 * writes the exit code, and then what the compiler said. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define LIMIT_MS 300000
#define POLL_MS 20

/* The arguments as they came, with their quotes: what is behind the program's name. */
static const char *arguments(void) {
  const char *line = GetCommandLineA();
  const char *end = *line == '"' ? strchr(line + 1, '"') : strchr(line, ' ');
  if (end == NULL)
    return "";
  return *end == '"' ? end + 1 : end;
}

/* The script for Linux beside this program, and of the same name. */
static int script_of(char *path, DWORD size) {
  DWORD length = GetModuleFileNameA(NULL, path, size);
  if (length < 4 || length >= size)
    return 0;
  strcpy(path + length - 4, ".sh");
  return 1;
}

static FILE *wait_for(const char *file) {
  for (int waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
    FILE *found = fopen(file, "rb");
    if (found != NULL)
      return found;
    Sleep(POLL_MS);
  }
  return NULL;
}

static int fail(const char *what) {
  fprintf(stderr, "wine-cc: %s\n", what);
  return 1;
}

int main(void) {
  static char line[32768];
  char script[MAX_PATH], folder[MAX_PATH + 1], file[MAX_PATH + 32];
  if (!script_of(script, sizeof script) || GetTempPathA(sizeof folder, folder) == 0)
    return fail("no path");
  snprintf(file, sizeof file, "%sheddle-cc-%lu.txt", folder, GetCurrentProcessId());
  int length = snprintf(line, sizeof line, "\"%s\" \"%s\" %s", script, file, arguments());
  if (length < 0 || length >= (int)sizeof line)
    return fail("too many arguments");

  STARTUPINFOA start = {.cb = sizeof start};
  PROCESS_INFORMATION process;
  if (!CreateProcessA(script, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process))
    return fail("the script cannot be started");
  FILE *report = wait_for(file);
  if (report == NULL)
    return fail("the compiler does not end");
  int code = 1, c;
  if (fscanf(report, "%d%*c", &code) == 1) {
    while ((c = getc(report)) != EOF)
      putc(c, stderr);
  }
  fclose(report);
  DeleteFileA(file);
  return code;
}
