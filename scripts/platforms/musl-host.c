/* A program of musl's that loads the addon as Node does, and asks for the
 * version of Node-API that it wants. musl.js appends functions for what the
 * addon imports. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  void *library = dlopen(argv[1], RTLD_NOW);
  if (library == NULL) {
    (void)fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  int32_t (*version)(void) = (int32_t(*)(void))dlsym(library, "node_api_module_get_api_version_v1");
  if (version == NULL || dlsym(library, "napi_register_module_v1") == NULL)
    return 1;
  (void)printf("Node-API %d\n", (int)version());
  return 0;
}
