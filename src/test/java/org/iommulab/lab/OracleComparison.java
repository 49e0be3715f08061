package org.iommulab.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares results with the oracle's. What it leaves out:
 *
 * <ul>
 *   <li>N1: the fields of a fault record whose F bit is 0 on both sides
 *   <li>N2: the record's PASID while its PP bit is 0 on both sides
 *   <li>N3: PP and PASID on a machine with scalable mode
 *   <li>N4: after a piece the oracle blocked on a cached permission, the fault registers and
 *       interrupts until the program clears the record
 * </ul>
 */
final class OracleComparison {

  private static final Set<Long> FAULT_REGISTERS =
      Set.of(0x34L, 0x38L, 0x220L, 0x224L, 0x228L, 0x22CL);
  private static final long PASID_FIELD = 0xFFFFFL << 40;
  private static final long PASID_PRESENT = 1L << 31;

  private final List<JsonNode> operations;
  private final Map<Integer, JsonNode> expected = new TreeMap<>();
  private final List<ObjectNode> actual;
  private final List<String> differences = new ArrayList<>();
  private boolean scalable;
  private boolean tainted;

  OracleComparison(List<JsonNode> operations, List<JsonNode> expected, List<ObjectNode> actual) {
    this.operations = operations;
    this.actual = actual;
    for (JsonNode line : expected) {
      this.expected.put(line.get("i").asInt(), line);
    }
  }

  List<String> differences() {
    JsonNode machine = expected.get(0);
    if (machine.has("error")) {
      ObjectNode own = actual.get(0);
      return own != null && own.has("error")
          ? List.of()
          : List.of("the oracle cannot build this machine: " + machine + ", but " + own);
    }
    scalable = (number(machine.get("ecap")) >> 43 & 1) != 0;
    for (int i = 0; i < operations.size(); i++) {
      JsonNode operation = operations.get(i);
      String name = operation.get("op").asString();
      if (name.equals("reset") || clearsRecord(operation)) {
        tainted = false;
      }
      JsonNode want = expected.get(i);
      if (want != null && want.has("error")) {
        break;
      }
      ObjectNode have = actual.get(i);
      if (want == null || have == null) {
        if (want != null || have != null) {
          differ(i, "a result is missing or not expected", want, have);
        }
        continue;
      }
      compare(i, name, want, have);
    }
    return differences;
  }

  private static boolean clearsRecord(JsonNode operation) {
    if (!operation.get("op").asString().equals("reg.write")) {
      return false;
    }
    long offset = number(operation.get("off"));
    long value = number(operation.get("value"));
    boolean wide = number(operation.get("size")) == 8;
    return (offset == 0x22C && (value >> 31 & 1) != 0) || (offset == 0x228 && wide && value < 0);
  }

  private void compare(int i, String name, JsonNode want, ObjectNode have) {
    boolean same =
        switch (name) {
          case "machine" ->
              sameNumber(want, have, "ver")
                  && sameNumber(want, have, "cap")
                  && sameNumber(want, have, "ecap");
          case "reg.read" -> sameRegister(i, want, have);
          case "dma.read", "dma.write" -> sameDma(want, have);
          case "mem.read" -> sameMemory(want, have);
          case "irq.read" -> tainted || want.get("irqs").equals(have.get("irqs"));
          default -> true;
        };
    if (!same) {
      differ(i, name, want, have);
    }
    if (name.startsWith("dma.")) {
      for (JsonNode chunk : want.get("chunks")) {
        tainted |= chunk.path("diag").path("why").asString("").equals("cached");
      }
    }
  }

  private void differ(int i, String what, JsonNode want, ObjectNode have) {
    differences.add(
        String.format(
            Locale.ROOT,
            "line %d %s: %s%n    expected %s%n    actual   %s",
            i,
            what,
            operations.get(i),
            want,
            have));
  }

  private static boolean sameNumber(JsonNode want, JsonNode have, String field) {
    return number(want.get(field)) == number(have.get(field));
  }

  private boolean sameRegister(int i, JsonNode want, JsonNode have) {
    JsonNode operation = operations.get(i);
    long offset = number(operation.get("off"));
    if (tainted && FAULT_REGISTERS.contains(offset)) {
      return true;
    }
    long x = number(want.get("value"));
    long y = number(have.get("value"));
    boolean wide = number(operation.get("size")) == 8;
    return ((x ^ y) & comparedBits(i, offset, wide, x | y)) == 0;
  }

  private long comparedBits(int i, long offset, boolean wide, long either) {
    if (offset == 0x228 && wide) {
      if (either >= 0) {
        return 1L << 63;
      }
      boolean anyPasid = (either & PASID_PRESENT) != 0;
      return scalable ? ~(PASID_FIELD | PASID_PRESENT) : anyPasid ? -1L : ~PASID_FIELD;
    }
    if (offset == 0x22C) {
      return (either >> 31 & 1) == 0 ? 1L << 31 : ~(0xFFFFFL << 8);
    }
    if (offset == 0x228) {
      return scalable ? ~PASID_PRESENT : -1L;
    }
    if (offset == 0x220 || offset == 0x224) {
      return recordIsEmpty(i + 1) ? 0 : -1L;
    }
    return -1L;
  }

  private boolean recordIsEmpty(int i) {
    JsonNode want = expected.get(i);
    if (i >= operations.size() || want == null || actual.get(i) == null) {
      return false;
    }
    JsonNode operation = operations.get(i);
    return operation.get("op").asString().equals("reg.read")
        && number(operation.get("off")) == 0x228
        && number(operation.get("size")) == 8
        && (number(want.get("value")) | number(actual.get(i).get("value"))) >= 0;
  }

  private static boolean sameDma(JsonNode want, JsonNode have) {
    if (!want.get("st").equals(have.get("st"))
        || want.get("chunks").size() != have.get("chunks").size()) {
      return false;
    }
    for (int c = 0; c < want.get("chunks").size(); c++) {
      if (!sameChunk(want.get("chunks").get(c), have.get("chunks").get(c))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameChunk(JsonNode want, JsonNode have) {
    for (String field : List.of("iova", "len", "pa")) {
      if (want.has(field) != have.has(field)
          || (want.has(field) && !sameNumber(want, have, field))) {
        return false;
      }
    }
    String data = want.path("data").asString("");
    boolean sameReason =
        want.path("diag").path("reason").asInt(0) == have.path("diag").path("reason").asInt(0);
    return want.get("st").equals(have.get("st"))
        && sameReason
        && data.equalsIgnoreCase(have.path("data").asString(""));
  }

  private static boolean sameMemory(JsonNode want, JsonNode have) {
    if (want.get("u64").size() != have.get("u64").size()) {
      return false;
    }
    for (int k = 0; k < want.get("u64").size(); k++) {
      if (number(want.get("u64").get(k)) != number(have.get("u64").get(k))) {
        return false;
      }
    }
    return true;
  }

  /** A number as scripts and results write it. */
  private static long number(JsonNode node) {
    try {
      return Json.number(node);
    } catch (Complaint e) {
      throw new AssertionError(e.sentence(), e);
    }
  }
}
