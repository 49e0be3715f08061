package org.iommulab.evidence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A log says the same whatever terminals, mail programs, journals and web pages did to it. */
final class DressTest {

  private static final Pattern TIME = Pattern.compile("^(?:<\\d>)?\\[ *\\d+\\.\\d+\\] ");

  private static final String LOG =
      """
      [    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda2 ro intel_iommu=on iommu=pt quiet splash
      [    0.168626] DMAR: Host address width 39
      [    0.168629] DMAR: DRHD base: 0x000000fed90000 flags: 0x0
      [    0.168640] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 1c0000c40660462 ecap 19e2ff0505e
      [    0.168643] DMAR: DRHD base: 0x000000fed91000 flags: 0x1
      [    0.168651] DMAR: dmar1: reg_base_addr fed91000 ver 1:0 cap d2008c40660462 ecap f050da
      [    0.168655] DMAR: RMRR base: 0x0000008b800000 end: 0x0000008fffffff
      [    0.168658] DMAR: [Firmware Bug]: No firmware reserved region can cover this RMRR [0x000000008b800000-0x000000008fffffff], contact BIOS vendor for fixes
      [    0.168671] DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.
      [    0.168672] x2apic: IRQ remapping doesn't support X2APIC mode
      [    0.389107] pci 0000:00:02.0: DMAR: Disabling IOMMU for graphics on this chipset
      [  278.999480] DMAR: DRHD: handling fault status reg 3
      [  278.999485] DMAR: [DMA Read NO_PASID] Request device [05:00.0] fault addr 0x9cdff000 [fault reason 0x06] PTE Read access is not set
      [  278.999486] DMAR: Dump dmar1 table entries for IOVA 0x9cdff000
      [  278.999487] DMAR: scalable mode root entry: hi 0x0000000102448001, low 0x0000000101b3e001
      [  279.001078] DMAR: [DMA Write] Request device [05:00.1] PASID ffffffff fault addr 9cdfe000 [fault reason 05] PTE Write access is not set
      [  280.001078] DMAR: [INTR-REMAP] Request device [f0:1f.0] fault index 0x10 [fault reason 0x25] Blocked a compatibility format interrupt request
      [  281.000000] DMAR: VT-d detected Invalidation Time-out Error: SID 0
      [  281.000010] DMAR: QI HEAD: Device-TLB Invalidation qw0 = 0xaf0300100003, qw1 = 0x7ffffffffffff001
      """;

  private static Map<String, UnaryOperator<String>> dresses() {
    var dresses = new LinkedHashMap<String, UnaryOperator<String>>();
    dresses.put("quote marks", log -> each(log, line -> "> > " + line));
    dresses.put("carriage returns", log -> log.replace("\n", "\r\n"));
    dresses.put("a web page", log -> "<pre>" + each(html(log), line -> line + "<br>") + "</pre>");
    dresses.put("a fence", log -> "Here:\n\n```\n" + each(log, line -> "    " + line) + "```\n");
    dresses.put("tabs", log -> each(log, line -> "\t" + line));
    dresses.put("no times", log -> each(log, line -> TIME.matcher(line).replaceFirst("")));
    dresses.put("syslog", log -> before(log, "Nov  3 10:00:00 my-host.lan kernel: "));
    dresses.put("a journal in French", log -> before(log, "févr. 03 10:00:00 portable1 kernel: "));
    dresses.put("a journal in Chinese", log -> before(log, "11月 03 10:00:00 my-host kernel: "));
    dresses.put(
        "relative times with a comma",
        log -> each(log, line -> TIME.matcher(line).replaceFirst("[  +0,000012] ")));
    dresses.put(
        "minutes in Polish",
        log -> each(log, line -> TIME.matcher(line).replaceFirst("[kwi27 22:04] ")));
    dresses.put("rsyslog", log -> before(log, "2024-06-01T10:00:00.123456+02:00 myhost kernel: "));
    dresses.put("a forum's list", log -> before(log, "[*]"));
    dresses.put("callers", log -> log.replaceAll("(?m)^(\\[ *\\d+\\.\\d+\\])", "$1[ T1234]"));
    dresses.put(
        "times of day",
        log -> log.replaceAll("(?m)^\\[ *\\d+\\.\\d+\\] ", "[Mon Nov  3 10:00:00 2025] "));
    dresses.put(
        "colours",
        log ->
            log.replaceAll(
                "(?m)^(\\[ *\\d+\\.\\d+\\] )([A-Za-z-]+: )",
                "\u001b[32m$1\u001b[0m\u001b[33m$2\u001b[0m"));
    dresses.put("a narrow mail", log -> wrapped(log, 76, ""));
    dresses.put("an indented one", log -> wrapped(log, 66, "               "));
    dresses.put("a quoted one", log -> each(wrapped(log, 74, ""), line -> "> " + line));
    dresses.put("quoted-printable", DressTest::quotedPrintable);
    return dresses;
  }

  private static String each(String log, UnaryOperator<String> change) {
    return log.lines().map(change).collect(Collectors.joining("\n")) + "\n";
  }

  private static String before(String log, String prefix) {
    return each(log, line -> TIME.matcher(line).find() ? prefix + line : line);
  }

  private static String html(String log) {
    return log.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#x27;");
  }

  /** Broken at blanks, as mail programs do it. */
  private static String wrapped(String log, int width, String indent) {
    return each(
        log,
        line -> {
          if (line.length() <= width || !TIME.matcher(line).find()) {
            return line;
          }
          var rows = new ArrayList<String>();
          var row = new StringBuilder();
          for (String word : line.split(" ")) {
            if (row.length() + 1 + word.length() > width) {
              rows.add(row.toString());
              row = new StringBuilder(indent);
            }
            row.append(row.isEmpty() || row.toString().isBlank() ? "" : " ").append(word);
          }
          rows.add(row.toString());
          return String.join("\n", rows);
        });
  }

  private static String quotedPrintable(String log) {
    return each(
        log,
        line -> {
          var out = new StringBuilder();
          int column = 0;
          for (char letter : line.toCharArray()) {
            String code = letter == '=' ? "=3D" : String.valueOf(letter);
            if (column + code.length() > 75) {
              out.append("=\n");
              column = 0;
            }
            out.append(code);
            column += code.length();
          }
          return out.toString();
        });
  }

  /** What must not depend on the dress. */
  private static String facts(byte[] text) {
    try {
      KernelLog log = KernelLog.read(new ByteArrayInputStream(text), "test");
      List<String> faults =
          log.faults().stream()
              .map(
                  fault ->
                      fault.kind()
                          + " "
                          + fault.requester()
                          + " "
                          + fault.address()
                          + " "
                          + fault.pasid()
                          + " "
                          + fault.reason().code())
              .toList();
      List<String> units =
          log.units().stream()
              .map(
                  unit -> unit.base() + " " + unit.version() + " " + unit.cap() + " " + unit.ecap())
              .toList();
      return String.join(
          "\n",
          log.platform().toString(),
          units.toString(),
          log.rmrrs().stream().map(rmrr -> rmrr.base() + "-" + rmrr.end()).toList().toString(),
          faults.toString(),
          log.statuses().toString(),
          log.messages().stream().sorted().toList().toString(),
          log.kernelParameters().toString(),
          log.firmwareBugs().toString(),
          log.pageWalk().toString(),
          log.invalidationErrors().stream()
              .map(error -> error.error() + " " + error.sid() + " " + error.qw0())
              .toList()
              .toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Platform, units, reserved regions, faults. */
  private static List<String> hard(String facts) {
    return facts.lines().limit(4).toList();
  }

  private static String facts(String log) {
    return facts(log.getBytes(StandardCharsets.UTF_8));
  }

  @TestFactory
  Stream<DynamicTest> factsDoNotDependOnTheDress() {
    assertThat(facts(LOG)).contains("INTEL_VTD", "intel_iommu=on");
    return dresses().entrySet().stream()
        .map(
            dress ->
                DynamicTest.dynamicTest(
                    dress.getKey(),
                    () -> assertThat(facts(dress.getValue().apply(LOG))).isEqualTo(facts(LOG))));
  }

  /** What is dressed already cannot be dressed again. */
  private static boolean isPlain(String log) {
    return log.indexOf('\u001b') < 0 && !log.contains("=3D") && !log.contains("=\n");
  }

  @TestFactory
  Stream<DynamicTest> noSharedLogDependsOnIt() throws IOException {
    Path folder = Shared.folder("logs").orElse(null);
    if (folder == null) {
      return Stream.empty();
    }
    var logs = new LinkedHashMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList()) {
        String log = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        if (isPlain(log)
            && log.lines().allMatch(line -> line.isBlank() || TIME.matcher(line).find())) {
          logs.put(file.getFileName().toString(), log);
        }
      }
    }
    return dresses().entrySet().stream()
        .map(
            dress ->
                DynamicTest.dynamicTest(
                    dress.getKey(),
                    () ->
                        logs.forEach(
                            (name, log) ->
                                assertThat(hard(facts(dress.getValue().apply(log))))
                                    .as(name)
                                    .isEqualTo(hard(facts(log))))));
  }
}
