package org.iommulab.lab.rig;

import org.iommulab.lab.script.Complaint;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;

/** System calls on files in memory that scripts make by name. */
final class MemoryCalls {

  private MemoryCalls() {}

  static SyscallResult call(String function, Options args, ModelProcess process) throws Complaint {
    return switch (function) {
      case "memfd_create" -> create(args, process);
      case "ftruncate" -> {
        int fd = (int) args.number("fd");
        long length = args.number("length");
        args.done();
        yield process.truncate(fd, length);
      }
      default -> {
        int fd = (int) args.number("fd");
        long length = args.number("length");
        long offset = args.numberOr("offset", 0);
        args.done();
        yield process.map(fd, offset, length);
      }
    };
  }

  private static SyscallResult create(Options args, ModelProcess process) throws Complaint {
    String name = args.has("name") ? args.text("name") : "";
    long size = args.number("size");
    MemoryOptions options = MemoryOptions.PLAIN;
    if (args.flag("hugepage")) {
      options = options.withPageSize(2L << 20);
    }
    args.done();
    return process.createMemoryFile(name, size, options);
  }
}
