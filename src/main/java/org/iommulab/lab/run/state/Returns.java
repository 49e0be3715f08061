package org.iommulab.lab.run.state;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/** What system calls and kernel functions return, as result lines have it. */
public final class Returns {

  private static final Result DONE = of(0, null, null, Map.of());

  private Returns() {}

  /** What a system call returned, with nothing besides. */
  public static Result of(SyscallResult result) {
    return result.ret() == 0 && !result.failed() ? DONE : of(result, Map.of());
  }

  /** What a system call returned, and what it wrote. */
  public static Result of(SyscallResult result, Map<String, Object> out) {
    Errno errno = result.errno();
    return of(result.ret(), errno == null ? null : errno.name(), result.cause(), out);
  }

  /**
   * A return value.
   *
   * @param errno name of the error, or null
   * @param cause the check that failed, or null
   * @param out what else came back
   */
  public static Result of(
      long ret, @Nullable String errno, @Nullable String cause, Map<String, Object> out) {
    var fields = new LinkedHashMap<String, Object>();
    // Small values keep their sign in JSON; anything else is an address.
    fields.put("ret", ret == (int) ret ? (Object) (int) ret : Json.hex(ret));
    if (errno != null) {
      fields.put("errno", errno);
      if (cause != null && !cause.isEmpty()) {
        fields.put("cause", cause);
      }
    }
    if (!out.isEmpty()) {
      fields.put("out", out);
    }
    return new Result.Returned(ret, errno, cause, fields);
  }
}
