package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.iommulab.evidence.DebugfsFolder;
import org.iommulab.evidence.DumpBuilder;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code --lang zh} nothing is English but data and what is quoted from the evidence. */
final class ChineseTest {

  private static final String LOG =
      """
      [    0.000000] Linux version 6.8.0 (builder@host) #1 SMP
      [    0.021374] DMAR: DRHD base: 0x000000fed90000 flags: 0x1
      [    0.021382] DMAR: dmar0: reg_base_addr fed90000 ver 4:0 cap 1c0000c40660462 ecap 29a00f0505e
      [    0.021392] DMAR: RMRR base: 0x0000009b800000 end: 0x0000009fffffff
      [    0.282000] DMAR: Intel(R) Virtualization Technology for Directed I/O
      """;
  private static final String FAULT =
      """
      [   93.120120] DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0x7000 [fault reason 0x05] PTE Write access is not set
      """;
  private static final String TRACE =
      """
      # tracer: nop
           kworker/0:1-12      [000] .....   100.100001: map: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 paddr=0x0000000102345000 size=4096
           kworker/0:1-12      [000] .....   100.200001: unmap: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 size=4096 unmapped_size=4096
           kworker/0:1-12      [000] .....   100.300001: io_page_fault: IOMMU:vfio-pci 0000:03:00.0 iova=0x00000000ffffe010 flags=0x0001
      """;

  /** Three English words in a row are a sentence, or the part of one. */
  private static final Pattern SENTENCE = Pattern.compile("[a-z]{2,} [a-z]{2,} [a-z]{2,}");

  private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

  /** Words in a line of figures that stand alone. */
  private static final Pattern WORD =
      Pattern.compile("(?<![=\\w])(unit|domain|range|bytes|times|yes|no|on|off|note)\\b");

  @TempDir private static Path folder;

  @BeforeAll
  static void collect() throws IOException {
    for (String moment : List.of("before", "after")) {
      Path whole = Files.createDirectories(folder.resolve(moment));
      var dump = new DumpBuilder().secondUnit();
      if (moment.equals("after")) {
        dump.qword(0x13020, 0x700003);
      }
      Files.write(whole.resolve("core.elf"), dump.elf());
      Files.writeString(whole.resolve("dmesg.txt"), moment.equals("after") ? LOG + FAULT : LOG);
      Files.writeString(whole.resolve("trace.txt"), TRACE);
      Files.createDirectories(whole.resolve("spoilt"));
      Files.write(whole.resolve("spoilt/broken.elf"), new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0});
    }
    Files.writeString(
        Files.createDirectories(folder.resolve("nothing")).resolve("a.txt"), "nothing of it here");
    if (Evidence.open(folder.resolve("after/core.elf")) instanceof Snapshot snapshot) {
      DebugfsFolder.write(snapshot, folder.resolve("texts"));
    }
  }

  static List<String> commands() {
    return List.of(
        "explain after",
        "explain before",
        "explain after/dmesg.txt",
        "explain after/trace.txt",
        "audit after",
        "audit texts",
        "audit after --reach 0x700000",
        "audit after --reach nonsense",
        "audit after --reach 0x2000-0x1000",
        "audit after --reach 0x1000+0",
        "audit after --reach 0xfffffffffffffffff",
        "audit after/dmesg.txt",
        "compare before after",
        "compare after after",
        "compare after/dmesg.txt before/dmesg.txt",
        "compare after/dmesg.txt texts",
        "inspect after/core.elf",
        "inspect texts",
        "inspect after/core.elf --rid 00:03.0 --iova 0x4000",
        "inspect after/dmesg.txt",
        "inspect after/trace.txt",
        "explain nothing",
        "explain gone after",
        "audit nothing",
        "audit gone",
        "compare nothing after",
        "compare after gone");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void nothingIsEnglishButDataAndQuotes(String command) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] words = (command + " --lang zh").split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      boolean file = words[i].matches("(after|before|texts|nothing|gone)(/.*)?");
      words[i] = file ? folder.resolve(words[i]).toString() : words[i];
    }
    CommandLine.run(new PrintWriter(out), new PrintWriter(err), words);
    assertThat(out.toString() + err).isNotBlank();
    assertThat((out.toString() + err).lines().filter(ChineseTest::isEnglish)).isEmpty();
  }

  /** A line of the log may stand in one of ours, behind its place; it holds no Chinese. */
  private static boolean isEnglish(String line) {
    // Why a dump is damaged is said in the words of its reader.
    String plain = line.replace("iommu-lab", "").replaceFirst("无法使用：.*", "无法使用");
    boolean sentence = SENTENCE.matcher(plain).find() && !CHINESE.matcher(plain).find();
    boolean quoted = plain.contains("Virtualization Technology") || plain.contains("DMAR:");
    return (sentence || WORD.matcher(plain).find()) && !quoted;
  }
}
