#include "nice.h"

#include <uv.h>

#if defined(_WIN32)
#include <windows.h>

int hd_nice_thread(uint32_t increment) {
  int priority = THREAD_PRIORITY_LOWEST;
  if (increment < HD_NICE_MOST / 2)
    priority = THREAD_PRIORITY_BELOW_NORMAL;
  else if (increment >= HD_NICE_MOST)
    priority = THREAD_PRIORITY_IDLE;
  if (SetThreadPriority(GetCurrentThread(), priority) != 0)
    return 0;
  return uv_translate_sys_error((int)GetLastError());
}
#elif defined(__linux__)
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

/* The process's is that of its first thread; 0 is the calling thread, not its process. */
int hd_nice_thread(uint32_t increment) {
  errno = 0;
  int base = getpriority(PRIO_PROCESS, (id_t)getpid());
  if (base == -1 && errno != 0)
    return uv_translate_sys_error(errno);
  int wanted = base + (int)increment;
  if (setpriority(PRIO_PROCESS, 0, wanted < HD_NICE_MOST ? wanted : HD_NICE_MOST) == 0)
    return 0;
  return uv_translate_sys_error(errno);
}
#elif defined(__APPLE__)
#include <pthread.h>

/* setpriority() is for whole processes, or throttles a thread's files as well. */
int hd_nice_thread(uint32_t increment) {
  int least = -QOS_MIN_RELATIVE_PRIORITY;
  int below = (int)increment < least ? (int)increment : least;
  return uv_translate_sys_error(pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, -below));
}
#else
int hd_nice_thread(uint32_t increment) {
  (void)increment;
  return UV_ENOTSUP;
}
#endif
