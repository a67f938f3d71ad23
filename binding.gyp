{
  "variables": { "heddle_sanitize%": "" },
  "target_defaults": {
    "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wno-sign-conversion", "-Werror", "-fvisibility=hidden"],
    "cflags!": ["-fno-omit-frame-pointer"],
    "xcode_settings": {
      "GCC_C_LANGUAGE_STANDARD": "gnu11",
      "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
      "WARNING_CFLAGS": ["-Wall", "-Wextra", "-Wshadow", "-Werror"]
    },
    "msvs_settings": {
      "VCCLCompilerTool": { "AdditionalOptions": ["/std:c11", "/experimental:c11atomics"], "WarningLevel": 3, "WarnAsError": "true" }
    },
    "conditions": [
      ["heddle_sanitize!=''", {
        "cflags": ["-fsanitize=<(heddle_sanitize)", "-fno-omit-frame-pointer", "-g", "-O1"],
        "ldflags": ["-fsanitize=<(heddle_sanitize)"]
      }]
    ]
  },
  "targets": [
    {
      "target_name": "base",
      "type": "static_library",
      "win_delay_load_hook": "false",
      "sources": ["<!@(node -p \"require('fs').readdirSync('src/engine/base').filter((f) => f.endsWith('.c')).map((f) => 'src/engine/base/' + f).join(' ')\")"],
      "include_dirs": ["src/engine/base"],
      "defines": ["NAPI_VERSION="]
    },
    {
      "target_name": "task",
      "type": "static_library",
      "win_delay_load_hook": "false",
      "dependencies": ["base"],
      "sources": ["<!@(node -p \"require('fs').readdirSync('src/engine/task').filter((f) => f.endsWith('.c')).map((f) => 'src/engine/task/' + f).join(' ')\")"],
      "include_dirs": ["include", "src/engine/base", "src/engine/task"],
      "defines": ["NAPI_VERSION="]
    },
    {
      "target_name": "group",
      "type": "static_library",
      "win_delay_load_hook": "false",
      "dependencies": ["base", "task"],
      "sources": ["<!@(node -p \"require('fs').readdirSync('src/engine/group').filter((f) => f.endsWith('.c')).map((f) => 'src/engine/group/' + f).join(' ')\")"],
      "include_dirs": ["include", "src/engine/base", "src/engine/task", "src/engine/group"],
      "defines": ["NAPI_VERSION="]
    },
    {
      "target_name": "schedule",
      "type": "static_library",
      "win_delay_load_hook": "false",
      "dependencies": ["base", "task", "group"],
      "sources": ["<!@(node -p \"require('fs').readdirSync('src/engine/schedule').filter((f) => f.endsWith('.c')).map((f) => 'src/engine/schedule/' + f).join(' ')\")"],
      "include_dirs": ["include", "src/engine/base", "src/engine/task", "src/engine/group", "src/engine/schedule"],
      "defines": ["NAPI_VERSION="]
    },
    {
      "target_name": "tasks",
      "type": "static_library",
      "win_delay_load_hook": "false",
      "sources": ["<!@(node -p \"require('fs').readdirSync('src/tasks').filter((f) => f.endsWith('.c')).map((f) => 'src/tasks/' + f).join(' ')\")"],
      "include_dirs": ["include", "src/tasks"],
      "defines": ["NAPI_VERSION="]
    },
    {
      "target_name": "heddle",
      "dependencies": ["base", "task", "group", "schedule", "tasks"],
      "sources": [
        "<!@(node -p \"require('fs').readdirSync('src/binding').filter((f) => f.endsWith('.c')).map((f) => 'src/binding/' + f).join(' ')\")"
      ],
      "include_dirs": ["include", "src/engine/base", "src/engine/task", "src/engine/group", "src/engine/schedule", "src/tasks", "src/binding"],
      "defines": ["NAPI_VERSION=8"],
      "ldflags": ["-Wl,-z,now"]
    }
  ]
}
