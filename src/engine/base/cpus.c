#include "cpus.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

/* Reads a small file; false when it is not there. */
static int read_text(const char *path, char *text, size_t size) {
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return 0;
  size_t length = fread(text, 1, size - 1, file);
  text[length] = '\0';
  (void)fclose(file); /* it was only read */
  return length > 0;
}

uint32_t hd_cpus_of_quota(const char *cpu_max) {
  unsigned long long quota;
  unsigned long long period;
  if (sscanf(cpu_max, "%llu %llu", &quota, &period) != 2 || period == 0 || quota == 0)
    return 0;
  unsigned long long cores = (quota + period - 1) / period;
  return cores > UINT32_MAX ? 0 : (uint32_t)cores;
}

/* The quota of this process's own group and of all above it (cgroup v2), or
 * of the container's root (v1). */
static uint32_t quota(void) {
  char text[4096];
  char path[4096 + 64];
  uint32_t least = 0;
  char *own = NULL;
  if (read_text("/proc/self/cgroup", text, sizeof(text)))
    own = strstr(text, "0::/");
  if (own != NULL) {
    own += strlen("0::");
    own[strcspn(own, "\n")] = '\0';
    for (;;) {
      char value[64];
      (void)snprintf(path, sizeof(path), "/sys/fs/cgroup%s/cpu.max", own);
      uint32_t cores = read_text(path, value, sizeof(value)) ? hd_cpus_of_quota(value) : 0;
      if (cores > 0 && (least == 0 || cores < least))
        least = cores;
      char *slash = strrchr(own, '/');
      if (slash == NULL)
        break;
      *slash = '\0';
    }
  }
  char quota_us[32];
  char period_us[32];
  if (least == 0 && read_text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", quota_us, sizeof(quota_us)) &&
      read_text("/sys/fs/cgroup/cpu/cpu.cfs_period_us", period_us, sizeof(period_us))) {
    char both[sizeof(quota_us) + sizeof(period_us)];
    (void)snprintf(both, sizeof(both), "%s %s", quota_us, period_us);
    least = quota_us[0] == '-' ? 0 : hd_cpus_of_quota(both); /* -1 is no quota */
  }
  return least;
}

uint32_t hd_cpus(void) {
  uint32_t cores = uv_available_parallelism();
  uint32_t allowed = quota();
  if (allowed > 0 && allowed < cores)
    cores = allowed;
  return cores == 0 ? 1 : cores;
}
