{
  "variables": { "heddle_sanitize%": "" },
  "targets": [
    {
      "target_name": "heddle",
      "sources": [
        "src/binding/addon.c",
        "src/binding/arguments.c",
        "src/binding/copies.c",
        "src/binding/delivery.c",
        "src/binding/groups.c",
        "src/binding/lending.c",
        "src/binding/registry.c",
        "src/binding/results.c",
        "src/binding/status.c",
        "<!@(node -p \"require('fs').readdirSync('src/engine').filter((f) => f.endsWith('.c')).map((f) => 'src/engine/' + f).join(' ')\")",
        "<!@(node -p \"require('fs').readdirSync('src/tasks').filter((f) => f.endsWith('.c')).map((f) => 'src/tasks/' + f).join(' ')\")"
      ],
      "include_dirs": ["include", "src/engine", "src/tasks"],
      "defines": ["NAPI_VERSION=8"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wno-sign-conversion", "-Werror", "-fvisibility=hidden"],
      "cflags!": ["-fno-omit-frame-pointer"],
      "ldflags": ["-Wl,-z,now"],
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
    }
  ]
}
