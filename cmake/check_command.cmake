# Runs a command and looks at how it ends: the exit status STATUS ("failure": any but 0), and output that matches PATTERN.
#   cmake -DSTATUS=1 -DPATTERN=<regular expression> "-DCOMMAND=<program;arguments>" -P check_command.cmake
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(STATUS STREQUAL failure)
  if(status EQUAL 0)
    message(FATAL_ERROR "exit status 0 where a failure was expected")
  endif()
elseif(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "exit status ${status} where ${STATUS} was expected")
endif()
if(NOT output MATCHES "${PATTERN}")
  message(FATAL_ERROR "nothing in the output matches ${PATTERN}")
endif()
