package org.iommulab.evidence.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.MemoryMapLine;
import org.junit.jupiter.api.Test;

/** What boots say of an address, where their lines lie over each other. */
final class LoggedMemoryTest {

  private static final List<String> TYPES = List.of("usable", "reserved", "ACPI NVS");

  private static KernelLog log(List<String> lines) throws IOException {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.US_ASCII);
    return KernelLog.read(new ByteArrayInputStream(text), "boot");
  }

  private static String line(long start, long end, String type) {
    return String.format(
        Locale.ROOT, "[    0.000000] BIOS-e820: [mem 0x%016x-0x%016x] %s", start, end, type);
  }

  @Test
  void theLastLineThatHoldsAnAddressCounts() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      long base = seed % 2 == 0 ? 0x1000 : -0x4000L;
      var lines = new ArrayList<String>();
      for (int i = 0; i < 12; i++) {
        int start = random.nextInt(0x30);
        int end = start + random.nextInt(0x40 - start);
        lines.add(line(base + start * 0x100L, base + end * 0x100L + 0xFF, TYPES.get(i % 3)));
      }
      KernelLog log = log(lines);
      assertThat(log.memoryMap()).hasSize(12);
      var memory = new LoggedMemory(log);
      for (long address = base; address != base + 0x4000; address += 0x80) {
        long here = address;
        var last = log.memoryMap().reversed().stream().filter(each -> each.holds(here)).findFirst();
        assertThat(memory.proof(address).map(Finding.Evidence::line))
            .as("seed %d, %x", seed, address)
            .isEqualTo(last.map(MemoryMapLine::line));
      }
    }
  }

  @Test
  void aRangeThatEndsBeforeItBeginsHoldsNothing() throws IOException {
    var memory = new LoggedMemory(log(List.of(line(0x5000, 0x1000, "usable"))));
    assertThat(memory.at(0x3000)).isEmpty();
    assertThat(memory.at(0x6000)).isEmpty();
  }
}
