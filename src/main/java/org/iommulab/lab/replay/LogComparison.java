package org.iommulab.lab.replay;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Result;
import org.jspecify.annotations.Nullable;

/** Compares what a call gave here with what it gave there. */
final class LogComparison {

  private static final int CAPABILITIES = 24;

  private LogComparison() {}

  /** What differs, in words; null if nothing does. */
  static @Nullable String difference(LoggedCall call, Result.Returned here, byte[] room) {
    String errno = here.errno() == null ? "0" : here.errno();
    if (!same(errno, call.errno())) {
      return String.format(
          Locale.ROOT, "%s there, %s here", outcome(call.ret(), call.errno()), why(here));
    }
    boolean descriptor =
        call.call().equals("open")
            || call.call().equals("memfd_create")
            || call.call().equals("VFIO_GROUP_GET_DEVICE_FD");
    if (here.errno() == null && !descriptor && here.ret() != call.ret()) {
      return String.format(Locale.ROOT, "it returned %d there, %d here", call.ret(), here.ret());
    }
    return outputs(call, here, room);
  }

  /** ENOTSUP and EOPNOTSUPP are one number. */
  private static boolean same(String a, String b) {
    return a.equals(b) || (isUnsupported(a) && isUnsupported(b));
  }

  private static boolean isUnsupported(String errno) {
    return errno.equals("ENOTSUP") || errno.equals("EOPNOTSUPP");
  }

  private static String outcome(long ret, String errno) {
    return errno.equals("0") ? "it returned " + ret : errno;
  }

  private static String why(Result.Returned here) {
    String cause = here.cause() == null ? "" : " (" + here.cause() + ")";
    return here.errno() == null ? "it returned " + here.ret() : here.errno() + cause;
  }

  private static @Nullable String outputs(LoggedCall call, Result.Returned here, byte[] room) {
    Map<String, Object> found = new LinkedHashMap<>();
    if (here.fields().get("out") instanceof Map<?, ?> out) {
      out.forEach((name, value) -> found.put(String.valueOf(name), value));
    }
    if (call.call().equals("VFIO_IOMMU_GET_INFO") && here.errno() == null) {
      found.putAll(info(room));
    }
    Map<String, Object> wanted = LogMachine.flat(call.out());
    for (var entry : wanted.entrySet()) {
      String name = entry.getKey();
      Object value = entry.getValue();
      String difference = null;
      if (LoggedCall.isNumber(value)) {
        Object got = found.containsKey(name) ? found.get(name) : found.get("out_" + name);
        if (got != null && number(got) != LoggedCall.numberOf(value)) {
          difference =
              String.format(Locale.ROOT, "%s is %s there, 0x%x here", name, value, number(got));
        }
      } else if (name.equals("bitmap") && value instanceof List<?> words) {
        difference = list(name, words.stream().map(LoggedCall::numberOf).toList(), room);
      } else if (name.equals("caps") && value instanceof List<?> caps) {
        difference = capabilities(caps, room);
      } else if (call.call().equals("IOMMU_IOAS_IOVA_RANGES")) {
        List<Long> ends =
            LoggedCall.pairs(Map.of(name, value)).stream().flatMap(List::stream).toList();
        difference = list(name, ends, room);
      }
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private static long number(Object value) {
    return value instanceof BigInteger big ? big.longValue() : LoggedCall.numberOf(value);
  }

  private static @Nullable String list(String name, List<Long> wanted, byte[] room) {
    ByteBuffer bytes = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < wanted.size() && 8 * i + 8 <= room.length; i++) {
      if (bytes.getLong(8 * i) != wanted.get(i)) {
        return String.format(
            Locale.ROOT,
            "%s[%d] is 0x%x there, 0x%x here",
            name,
            i,
            wanted.get(i),
            bytes.getLong(8 * i));
      }
    }
    return null;
  }

  // ---- VFIO_IOMMU_GET_INFO ----------------------------------------------------------------------

  private static Map<String, Object> info(byte[] room) {
    ByteBuffer bytes = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("argsz", (long) bytes.getInt(0));
    fields.put("flags", (long) bytes.getInt(4));
    fields.put("iova_pgsizes", bytes.getLong(8));
    fields.put("cap_offset", (long) bytes.getInt(16));
    return fields;
  }

  /** Each capability is compared with the bytes at the place that the one before it names. */
  private static @Nullable String capabilities(List<?> caps, byte[] room) {
    ByteBuffer bytes = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN);
    int at = CAPABILITIES;
    for (Object cap : caps) {
      if (!(cap instanceof Map<?, ?> fields) || at + 32 > room.length) {
        return null;
      }
      var here = new ArrayList<Long>();
      here.add((long) bytes.getShort(at));
      here.add((long) bytes.getShort(at + 2));
      here.add((long) bytes.getInt(at + 4));
      var there = new ArrayList<Long>();
      for (String name : List.of("id", "version", "next")) {
        there.add(LoggedCall.numberOf(fields.get(name)));
      }
      if (fields.containsKey("dma_avail")) {
        here.add(bytes.getInt(at + 8) & 0xFFFF_FFFFL);
        there.add(LoggedCall.numberOf(fields.get("dma_avail")));
      }
      if (fields.get("iova_ranges") instanceof List<?> ranges) {
        here.add((long) bytes.getInt(at + 8));
        there.add((long) ranges.size());
        List<Long> ends =
            LoggedCall.pairs(Map.of("ranges", ranges)).stream().flatMap(List::stream).toList();
        for (int i = 0; i < ends.size() && at + 24 + 8 * i <= room.length; i++) {
          here.add(bytes.getLong(at + 16 + 8 * i));
          there.add(ends.get(i));
        }
      }
      if (!here.equals(there)) {
        return String.format(
            Locale.ROOT, "capability %s is %s there, %s here", fields.get("id"), there, here);
      }
      at = (int) (long) there.get(2);
    }
    return null;
  }

  /** The bytes a {@code user.read} found. */
  static byte[] bytes(Result result) {
    return result.fields().get("hex") instanceof String hex
        ? Bytes.ofHex(hex).toArray()
        : new byte[0];
  }
}
