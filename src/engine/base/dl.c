#include "dl.h"

#include <stdio.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>

/* The system's words for an error, without the end of the line. */
static void describe(DWORD code, char *words, size_t size) {
  wchar_t text[512];
  DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                code, 0, text, sizeof(text) / sizeof(text[0]) - 1, NULL);
  while (length > 0 && (text[length - 1] == L'\n' || text[length - 1] == L'\r'))
    length--;
  text[length] = L'\0';
  if (length == 0 || WideCharToMultiByte(CP_UTF8, 0, text, -1, words, (int)size, NULL, NULL) == 0)
    (void)snprintf(words, size, "error %lu", (unsigned long)code);
}

hd_dl_status hd_dl_open(const char *path, void **handle, char *words, size_t size) {
  wchar_t wide[32768];
  if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, sizeof(wide) / sizeof(wide[0])) == 0) {
    describe(GetLastError(), words, size);
    return HD_DL_FAILED;
  }
  HMODULE module = LoadLibraryExW(wide, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (module == NULL) {
    DWORD code = GetLastError();
    describe(code, words, size);
    return code == ERROR_PROC_NOT_FOUND ? HD_DL_UNRESOLVED : HD_DL_FAILED;
  }
  *handle = module;
  return HD_DL_OK;
}

void *hd_dl_symbol(void *handle, const char *name) {
  FARPROC found = GetProcAddress(handle, name);
  void *symbol;
  memcpy(&symbol, &found, sizeof(symbol));
  return symbol;
}

void hd_dl_close(void *handle) {
  (void)FreeLibrary(handle); /* at worst it stays */
}
#else
#include <dlfcn.h>

hd_dl_status hd_dl_open(const char *path, void **handle, char *words, size_t size) {
  *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (*handle != NULL)
    return HD_DL_OK;
  const char *reason = dlerror();
  (void)snprintf(words, size, "%s", reason == NULL ? "no reason was given" : reason);
  /* glibc, the BSDs; musl; macOS */
  static const char *const unresolved[] = {"ndefined symbol", "ymbol not found"};
  for (size_t i = 0; i < sizeof(unresolved) / sizeof(unresolved[0]); i++)
    if (strstr(words, unresolved[i]) != NULL)
      return HD_DL_UNRESOLVED;
  return HD_DL_FAILED;
}

void *hd_dl_symbol(void *handle, const char *name) {
  return dlsym(handle, name);
}

void hd_dl_close(void *handle) {
  (void)dlclose(handle); /* at worst it stays */
}
#endif
