package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;

/** What the VMM writes to its error output. */
final class Messages {

  private final List<String> lines = new ArrayList<>();

  void print(String line) {
    lines.add(line);
  }

  /** A failed call, with the error's text; passes the result on. */
  SyscallResult report(String what, SyscallResult result) {
    Errno errno = result.errno();
    lines.add(what + (errno == null ? "" : errno.text()));
    return result;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
