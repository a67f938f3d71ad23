/* Only in the prebuilt binary for Windows, which scripts/prebuild.js links; a
 * build with node-gyp brings a hook of its own.
 *
 * The addon imports Node's functions from "node.exe", by name. They are looked
 * up in the program that runs, whatever it is called: a renamed node.exe, or an
 * application that has Node inside. And all of them are looked up when the
 * addon is loaded, so that a missing one is an error of the import and not the
 * end of the process at the first call, as -z now does elsewhere. */
#include <windows.h>
/* Behind windows.h, whose types it needs. */
#include <delayimp.h>
#include <string.h>

/* Generated: HOST_SYMBOL("napi_...") for each function that is imported. */
#define HOST_SYMBOL(name) name,
static const char *const host_symbols[] = {
#include "host_symbols.h"
};
#undef HOST_SYMBOL

static HMODULE host(void) {
  HMODULE library = GetModuleHandleA("libnode.dll");
  return library == NULL ? GetModuleHandleA(NULL) : library;
}

static FARPROC WINAPI on_delay_load(unsigned event, PDelayLoadInfo info) {
  FARPROC module = NULL;
  HMODULE found = host();
  if (event == dliNotePreLoadLibrary && _stricmp(info->szDll, "node.exe") == 0)
    memcpy(&module, &found, sizeof(module)); /* the hook's type has no place for a module */
  return module;
}

/* The name is the linker's. */
PfnDliHook __pfnDliNotifyHook2 = on_delay_load;

/* False makes loading the addon fail. */
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved) {
  (void)self;
  (void)reserved;
  if (reason != DLL_PROCESS_ATTACH)
    return TRUE;
  for (size_t i = 0; i < sizeof(host_symbols) / sizeof(host_symbols[0]); i++)
    if (GetProcAddress(host(), host_symbols[i]) == NULL)
      return FALSE;
  return TRUE;
}
