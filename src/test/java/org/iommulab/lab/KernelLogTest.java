package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.iommulab.testing.Shared;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Boot logs of real kernels: the lines of the IOMMU code are equal, in order. Numbers of groups are
 * left out, as a log does not tell which bridges isolate.
 */
class KernelLogTest {

  private static final Pattern GROUP =
      Pattern.compile("pci 0000:(..):(..)\\.(.): Adding to iommu group (\\d+)");
  private static final Pattern UNIT =
      Pattern.compile("reg_base_addr \\S+ ver \\S+ cap (\\S+) ecap (\\S+)");
  private static final Pattern WIDTH = Pattern.compile("Host address width (\\d+)");
  private static final Pattern KERNEL = Pattern.compile("Linux version (\\d+\\.\\d+)");
  private static final Pattern OURS =
      Pattern.compile("^(DMAR|DMAR-IR|iommu|x2apic)\\b.*|^pci \\S+ Adding to iommu group.*");

  static Stream<Path> logs() {
    return Stream.of("captures", "captures73")
        .flatMap(name -> Shared.folder(name).stream())
        .flatMap(KernelLogTest::guests);
  }

  private static Stream<Path> guests(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all
          .map(variant -> variant.resolve("guest/dmesg-final.txt.gz"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList()
          .stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("logs")
  void theLinesOfABootAreEqual(Path file) throws IOException {
    List<String> there = lines(file);
    var lab = new ScriptedLab();
    lab.run(machine(there), boot(there));
    List<String> here =
        lab.kernel().dmesg().stream()
            .map(line -> line.substring(line.indexOf(']') + 2))
            .filter(line -> OURS.matcher(line).matches() && !line.contains(":fe:00.0"))
            .map(line -> line.replaceFirst("group \\d+", "group"))
            .toList();
    assertThat(String.join("\n", here)).isEqualTo(String.join("\n", ofBoot(there)));
  }

  private static List<String> lines(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.substring(line.indexOf("] ") + 2))
          .toList();
    }
  }

  /** Up to the line that ends the driver's boot. */
  private static List<String> ofBoot(List<String> lines) {
    var kept = new ArrayList<String>();
    for (String line : lines) {
      if (OURS.matcher(line).matches()) {
        kept.add(line.replaceFirst("group \\d+", "group"));
        if (line.contains("Virtualization Technology for Directed")) {
          break;
        }
      }
    }
    return kept;
  }

  private static String first(List<String> lines, Pattern pattern, int group) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(group))
        .findFirst()
        .orElseThrow();
  }

  private static String boot(List<String> lines) {
    String cmdline =
        lines.stream()
            .filter(line -> line.startsWith("Command line: "))
            .map(line -> line.substring("Command line: ".length()))
            .findFirst()
            .orElseThrow();
    String era = first(lines, KERNEL, 1);
    boolean x2apic = lines.stream().anyMatch(line -> line.startsWith("x2apic"));
    return "{'op':'linux.boot','era':'%s','walker':'%s','cmdline':'%s','firmware':{'x2apic':%s}}"
        .formatted(era, era.startsWith("7") ? "generic_pt" : "classic", cmdline, x2apic);
  }

  /** The machine as far as the log tells it: the unit's registers, functions, groups. */
  private static String machine(List<String> lines) {
    var byGroup = new LinkedHashMap<String, List<String>>();
    for (String line : lines) {
      Matcher found = GROUP.matcher(line);
      if (found.find()) {
        String at = found.group(1) + ":" + found.group(2) + "." + found.group(3);
        byGroup.computeIfAbsent(found.group(4), group -> new ArrayList<>()).add(at);
      }
    }
    var devices = new ArrayList<String>();
    var bridges = new ArrayList<String>();
    devices.add("{'name':'io','at':'ff:00.0','kind':'ioapic'}");
    boolean ats = lines.stream().anyMatch(line -> line.startsWith("DMAR: ATSR"));
    devices.add("{'name':'other','at':'fe:00.0','kind':'engine','ats':%s}".formatted(ats));
    byGroup.values().forEach(members -> add(members, devices, bridges));
    return "{'op':'machine','profile':'qemu-7.2','aw_bits':%s,'cap':'0x%s','ecap':'0x%s','units':[{'scope':[%s]}],'devices':[%s],'bridges':[%s]}"
        .formatted(
            first(lines, WIDTH, 1),
            first(lines, UNIT, 1),
            first(lines, UNIT, 2),
            Stream.concat(devices.stream(), bridges.stream())
                .map(device -> device.replaceFirst("^\\{'name':('[^']*').*", "$1"))
                .collect(Collectors.joining(",")),
            String.join(",", devices),
            String.join(",", bridges));
  }

  private static void add(List<String> members, List<String> devices, List<String> bridges) {
    boolean behind =
        members.stream()
            .anyMatch(at -> !at.substring(0, 2).equals(members.getFirst().substring(0, 2)));
    for (int i = 0; i < members.size(); i++) {
      String at = members.get(i);
      if (behind && i == 0) {
        String bus = members.getLast().substring(0, 2);
        bridges.add(
            "{'name':'b%s','at':'%s','secondary':%d,'kind':'pcie_to_pci'}"
                .formatted(at.replace(':', '_').replace('.', '_'), at, Integer.parseInt(bus, 16)));
      } else {
        devices.add(
            "{'name':'d%s','at':'%s','kind':'engine','acs':%s}"
                .formatted(
                    at.replace(':', '_').replace('.', '_'), at, members.size() == 1 || behind));
      }
    }
  }
}
