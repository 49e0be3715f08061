package org.iommulab.lab.run.call;

import java.util.Map;
import java.util.TreeMap;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.state.Returns;
import org.iommulab.linux.dma.DmaMapping;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** What a function gave back. */
sealed interface Outcome {

  /** The result line. */
  Result result();

  /**
   * It returned a value.
   *
   * @param ret -1 if it failed
   * @param errno why it failed, or null
   * @param cause the check that failed, or null
   * @param out what it returned besides
   */
  record Returned(long ret, @Nullable Errno errno, @Nullable String cause, Map<String, Object> out)
      implements Outcome {

    @Override
    public Result result() {
      var shown = new TreeMap<String, Object>();
      out.forEach(
          (key, value) -> shown.put(key, value instanceof Long number ? Json.hex(number) : value));
      return Returns.of(ret, errno == null ? null : errno.name(), cause, shown);
    }
  }

  /** It has a result line of its own. */
  record Told(Result result) implements Outcome {}

  static Outcome value(long ret) {
    return value(ret, Map.of());
  }

  static Outcome value(long ret, Map<String, Object> out) {
    return new Returned(ret, null, null, out);
  }

  static Outcome of(Status status) {
    return of(status, Map.of());
  }

  /** What it returned if all went well, else why not. */
  static Outcome of(Status status, Map<String, Object> out) {
    Errno errno = status.errno();
    return errno == null ? value(0, out) : new Returned(-1, errno, status.cause(), Map.of());
  }

  static Outcome of(SyscallResult result) {
    return new Returned(result.ret(), result.errno(), result.cause(), Map.of());
  }

  static Outcome of(DmaMapping mapping) {
    return mapping.failed()
        ? of(mapping.status())
        : value(mapping.address(), Map.of("dma_addr", mapping.address()));
  }
}
