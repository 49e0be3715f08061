package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.evidence.DebugfsFolder;
import org.iommulab.evidence.DumpBuilder;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, the command line answers with what it could read or with one sentence. The
 * system property {@code iommulab.mutations} sets how many mutations of each kind of file are
 * tried.
 */
final class MutatedInputTest {

  private static final int MUTATIONS = Integer.getInteger("iommulab.mutations", 25);

  private static final String LOG =
      """
      [    0.000000] Linux version 6.8.0 (builder@host) #1 SMP
      [    0.000000] Command line: root=/dev/sda2 intel_iommu=on,sm_on
      [    0.008112] ACPI: DMAR 0x000000006F9C5000 000088 (v02 INTEL  EDK2     00000002      01000013)
      [    0.021370] DMAR: Host address width 39
      [    0.021374] DMAR: DRHD base: 0x000000fed90000 flags: 0x0
      [    0.021382] DMAR: dmar0: reg_base_addr fed90000 ver 4:0 cap 1c0000c40660462 ecap 29a00f0505e
      [    0.021392] DMAR: RMRR base: 0x0000009b800000 end: 0x0000009fffffff
      [    0.282000] DMAR: Intel(R) Virtualization Technology for Directed I/O
      {"_SOURCE_MONOTONIC_TIMESTAMP":"93120111","MESSAGE":"DMAR: DRHD: handling fault status reg 3"}
      [   93.120120] DMAR: [DMA Write NO_PASID] Request device [03:00.0] fault addr 0xffd52000 [fault reason 0x05] PTE Write access is not set
      [   93.120121] DMAR: Dump dmar0 table entries for IOVA 0xffd52000
      [   93.120122] DMAR: root entry: 0x0000000100a5c001
      Mar  4 10:12:44 host kernel: dmar: INTR-REMAP: Request device [[f0:1f.7] fault index 1a
      INTR-REMAP:[fault reason 34] Present field in the IRTE entry is clear
      (XEN) [VT-D]DMAR:[DMA Write] Request device [0000:03:00.0] fault addr 7f8a2000
      (XEN) [VT-D]DMAR: reason 05 - PTE Write access is not set
      [   95.2] DMAR: VT-d detected Invalidation Time-out Error: SID 3b00
      [   95.2] DMAR: QI HEAD: Device-TLB Invalidation qw0 = 0x3b000000003, qw1 = 0x7fffffffffff001
      """;
  private static final String TRACE =
      """
      # tracer: nop
      #
      #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
      #              | |         |   |||||     |         |
           kworker/0:1-12      [000] .....   100.000001: attach_device_to_domain: IOMMU: device=0000:03:00.0
           kworker/0:1-12      [000] .....   100.100001: map: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 paddr=0x0000000102345000 size=4096
           kworker/0:1-12      [000] .....   100.200001: unmap: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 size=4096 unmapped_size=4096
           kworker/0:1-12      [000] .....   100.300001: io_page_fault: IOMMU:vfio-pci 0000:03:00.0 iova=0x00000000ffffe010 flags=0x0001
      """;

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> everyMutationIsReadOrIsASentence() throws IOException {
    return samples().entrySet().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.getKey(), () -> mutate(sample)));
  }

  private static Map<String, byte[]> samples() throws IOException {
    var samples = new LinkedHashMap<String, byte[]>();
    samples.put("core.elf", new DumpBuilder().secondUnit().elf());
    samples.put("core.elf.gz", packed(new DumpBuilder().elf()));
    samples.put("image.lime", new DumpBuilder().lime());
    samples.put("vmcore", new DumpBuilder().kdump(1, MutatedInputTest::zlib));
    samples.put("vmcore.flat", DumpBuilder.flattened(new DumpBuilder().kdump(0, page -> page)));
    byte[] bare = new DumpBuilder().without(0xFED90000L).elf();
    samples.put("no-registers", bare);
    Path core = Files.write(folder.resolve("whole.elf"), samples.get("core.elf"));
    Path texts = Files.createDirectories(folder.resolve("texts"));
    DebugfsFolder.write((Snapshot) Evidence.open(core), texts);
    var pasted = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(texts)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        pasted.write(Files.readAllBytes(file));
      }
    }
    samples.put("debugfs.txt", pasted.toByteArray());
    byte[] table = table();
    samples.put("dmar.bin", table);
    samples.put("dmar.txt", hex(table).getBytes(StandardCharsets.US_ASCII));
    samples.put("dmesg.log", LOG.getBytes(StandardCharsets.UTF_8));
    samples.put("dmesg16.log", LOG.getBytes(StandardCharsets.UTF_16));
    samples.put("dmesg.log.gz", packed(LOG.getBytes(StandardCharsets.UTF_8)));
    samples.put("trace.log", TRACE.getBytes(StandardCharsets.US_ASCII));
    samples.put("case.zip", zip(samples));
    return samples;
  }

  private static byte[] table() {
    var unit = new DmarStructure.Drhd(0, 0, 0, 0xFED90000L, java.util.List.of());
    var region = new DmarStructure.Rmrr(0, 0x7F000000L, 0x7EFFF000L, java.util.List.of());
    return Dmar.of(46, 1, java.util.List.of(unit, region)).toBytes();
  }

  private static String hex(byte... table) {
    var text = new StringBuilder("DMAR @ 0x0000000000000000\n");
    for (int i = 0; i < table.length; i++) {
      text.append(i % 16 == 0 ? String.format(java.util.Locale.ROOT, "  %04x:", i) : "");
      text.append(String.format(java.util.Locale.ROOT, " %02x", table[i]));
      text.append(i % 16 == 15 ? "\n" : "");
    }
    return text.append('\n').toString();
  }

  private static byte[] zlib(byte... page) {
    try {
      var out = new ByteArrayOutputStream();
      try (var deflater = new DeflaterOutputStream(out)) {
        deflater.write(page);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] packed(byte... bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (String name : new String[] {"debugfs.txt", "dmar.bin", "core.elf", "dmesg.log"}) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(files.get(name));
      }
    }
    return out.toByteArray();
  }

  private static void mutate(Map.Entry<String, byte[]> sample) throws IOException {
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] bytes = mutated(sample.getValue(), new Random(seed));
      Path file = Files.write(folder.resolve("mutated-" + sample.getKey()), bytes);
      boolean isCase = sample.getKey().endsWith(".zip") || sample.getKey().contains(".log");
      String command = isCase ? "explain" : "inspect";
      run(seed, new String[] {command}, file);
      if (!sample.getKey().endsWith(".zip")) {
        run(seed, new String[] {command, "--json"}, file);
      }
    }
  }

  private static void run(int seed, String[] command, Path file) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] args = Arrays.copyOf(command, command.length + 1);
    args[command.length] = file.toString();
    int code = CommandLine.run(new PrintWriter(out), new PrintWriter(err), args);
    String what = "seed " + seed + " of " + file.getFileName() + ": " + err;
    assertThat(code).as(what).isIn(CommandLine.DONE, CommandLine.BAD_INPUT);
    assertThat(err.toString()).as(what).doesNotContain("Exception", "\tat ", "null");
    if (code == CommandLine.BAD_INPUT) {
      assertThat(err.toString().strip().lines()).as(what).hasSize(1);
      assertThat(out.toString()).as(what).isEmpty();
    }
  }

  /** Bits flipped, bytes replaced, a part cut out, doubled or left off. */
  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    // Every other mutation is near the beginning, where lengths and counts are.
    int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 512);
    for (int i = 0; i <= random.nextInt(12); i++) {
      int at = random.nextInt(reach);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt(256));
    }
    int from = random.nextInt(bytes.length);
    int length = random.nextInt(bytes.length - from);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, from);
      case 1 -> joined(Arrays.copyOf(bytes, from), bytes, from + length);
      case 2 -> joined(Arrays.copyOf(bytes, from + length), bytes, from);
      default -> bytes;
    };
  }

  private static byte[] joined(byte[] first, byte[] whole, int from) {
    byte[] both = Arrays.copyOf(first, first.length + whole.length - from);
    System.arraycopy(whole, from, both, first.length, whole.length - from);
    return both;
  }

  @Test
  void aTableOfFourBytesIsRefused() throws IOException {
    var err = new StringWriter();
    for (String text : new String[] {"DMAR", "DMAR\0\0\0\0"}) {
      Path file = Files.writeString(folder.resolve("cut"), text);
      int code =
          CommandLine.run(
              new PrintWriter(new StringWriter()),
              new PrintWriter(err),
              "inspect",
              file.toString());
      assertThat(code).isEqualTo(CommandLine.BAD_INPUT);
      assertThat(err.toString()).contains("its header alone takes 48");
    }
  }

  @Test
  void absentScopesAndReversedRegionsAreFindings() throws IOException {
    var out = new StringWriter();
    Path file = Files.write(folder.resolve("broken"), table());
    int code =
        CommandLine.run(
            new PrintWriter(out), new PrintWriter(new StringWriter()), "inspect", file.toString());
    assertThat(code).isEqualTo(CommandLine.DONE);
    assertThat(out.toString())
        .contains("note: The reserved region from 7f000000 ends before it starts.")
        .contains("note: The reserved region from 7f000000 names no device.")
        .contains("note: The unit at fed90000 lists no device and does not include all others.");
  }
}
