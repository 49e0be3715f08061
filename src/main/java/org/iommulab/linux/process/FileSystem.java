package org.iommulab.linux.process;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** The paths a process can open or write: device nodes and sysfs. */
public interface FileSystem {

  /** An open file, or why there is none. */
  record Opened(@Nullable OpenFile file, Status status) {

    /** Success. */
    public static Opened of(OpenFile file) {
      return new Opened(file, Status.OK);
    }

    /** Failure. */
    public static Opened fail(Errno errno, String cause) {
      return new Opened(null, Status.fail(errno, cause));
    }
  }

  /** Opens a path. */
  Opened open(Process process, String path);

  /** Writes a text to a sysfs attribute. */
  Status writeText(Process process, String path, String text);
}
