execute_process(COMMAND ${GENERATOR} ${WORK}/fresh.safetensors RESULT_VARIABLE failed)
file(SHA256 ${WORK}/fresh.safetensors fresh)
file(SHA256 ${SAMPLE} committed)
if(failed OR NOT fresh STREQUAL committed)
  message(FATAL_ERROR "tools/sample/sample.safetensors is not what mxemu_make_sample writes; renew it with\n"
                      "  build/bin/mxemu_make_sample tools/sample/sample.safetensors")
endif()
