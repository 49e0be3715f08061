package org.iommulab.ui.view.lookup;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/**
 * A fault as the kernel printed it when it had read and cleared the record, in the words of any
 * age: {@code [DMA Write NO_PASID] Request device [01:00.0] fault addr 0x5000 [fault reason 0x05]
 * …}.
 *
 * @param time seconds since boot as printed
 * @param kind what the device wanted
 * @param source the requester
 * @param pasid its PASID, or -1
 * @param address page address, or the interrupt's index
 * @param reason the reason's number
 */
public record FaultLine(
    String time, Kind kind, SourceId source, int pasid, long address, int reason) {

  /** What the device wanted. */
  public enum Kind {
    READ,
    WRITE,
    INTERRUPT
  }

  private static final Pattern LINE =
      Pattern.compile(
          "^\\[ *(?<time>[0-9.]+)\\] DMAR:(?:\\[[^]]*\\])? *\\[(?<type>DMA Read|DMA"
              + " Write|INTR-REMAP)(?: (?<pasid>PASID 0x[0-9a-f]+|NO_PASID))?\\] Request device"
              + " \\[(?<source>[0-9a-f:.]+)\\] (?:PASID (?<old>[0-9a-f]+) )?fault (?:addr|index)"
              + " (?<at>(?:0x)?[0-9a-f]+) \\[fault reason (?<reason>(?:0x)?[0-9a-f]+)\\].*");

  /** Reads a line of the log; empty if it tells of no fault. */
  public static Optional<FaultLine> of(String line) {
    Matcher found = LINE.matcher(line);
    if (!found.matches()) {
      return Optional.empty();
    }
    return SourceId.parse(found.group("source"))
        .map(
            source ->
                new FaultLine(
                    found.group("time"),
                    kind(found.group("type")),
                    source,
                    pasid(found.group("pasid"), found.group("old")),
                    hex(found.group("at")),
                    reason(found.group("reason"))));
  }

  /** All faults that a log tells of, oldest first. */
  public static List<FaultLine> in(List<String> log) {
    return log.stream().map(FaultLine::of).flatMap(Optional::stream).toList();
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "DMA Read" -> Kind.READ;
      case "DMA Write" -> Kind.WRITE;
      default -> Kind.INTERRUPT;
    };
  }

  private static int pasid(@Nullable String now, @Nullable String old) {
    if (now != null && now.startsWith("PASID ")) {
      return (int) hex(now.substring("PASID ".length()));
    }
    return old == null ? -1 : (int) hex(old);
  }

  /** Kernels before 5.15 print the reason as a decimal number. */
  private static int reason(String text) {
    return text.startsWith("0x") ? (int) hex(text) : Integer.parseInt(text, 10);
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
  }
}
