package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.evidence.inspection.WalkReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a file holds, opening it ends with a snapshot or a sentence; the seed names the case.
 */
class DamagedDumpTest {

  @TempDir private Path folder;

  private static byte[] packedSample(String id) throws IOException {
    String name = "/org/iommulab/assets/samples/" + id + ".elf.gz";
    try (InputStream in = DamagedDumpTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static byte[] sample(String id) throws IOException {
    try (var in = new GZIPInputStream(new java.io.ByteArrayInputStream(packedSample(id)))) {
      return in.readAllBytes();
    }
  }

  private void survives(int seed, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("seed-" + seed), bytes);
    switch (Evidence.open(file)) {
      case BadEvidence bad ->
          assertThat(bad.sentence()).as("seed %d", seed).doesNotContain("Exception", "null");
      case Snapshot snapshot -> {
        assertThat(Inspection.json(snapshot)).as("seed %d", seed).startsWith("{");
        assertThat(Inspection.text(snapshot, false)).as("seed %d", seed).isNotBlank();
        assertThat(WalkReport.of(snapshot, SourceId.of(0, 2, 0), 0xFFFC_0000L))
            .as("seed %d", seed)
            .contains("=>");
        assertThat(ForkPlan.of(snapshot).units().getFirst().writes())
            .as("seed %d", seed)
            .isNotNull();
      }
    }
    Files.delete(file);
  }

  private static void flip(byte[] bytes, Random random, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      bytes[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  @Test
  void headersWithFlippedBits() throws IOException {
    byte[] whole = new DumpBuilder().elf();
    for (int seed = 0; seed < 400; seed++) {
      byte[] bytes = whole.clone();
      flip(bytes, new Random(seed), 0, 64 + 56 * 7, 1 + seed % 4);
      survives(seed, bytes);
    }
  }

  @Test
  void tablesAndRegistersWithFlippedBits() throws IOException {
    byte[] whole = new DumpBuilder().elf();
    for (int seed = 0; seed < 400; seed++) {
      byte[] bytes = whole.clone();
      flip(bytes, new Random(seed), 0x1000, bytes.length, 400);
      survives(seed, bytes);
    }
  }

  @Test
  void samplesWithFlippedBits() throws IOException {
    for (String id : new String[] {"small128", "scalable"}) {
      byte[] whole = sample(id);
      for (int seed = 0; seed < 12; seed++) {
        byte[] bytes = whole.clone();
        flip(bytes, new Random(seed), 0x1000, bytes.length, 2_000);
        survives(seed, bytes);
      }
    }
  }

  @Test
  void filesCutOffAnywhere() throws IOException {
    byte[] whole = new DumpBuilder().elf();
    byte[] packed = packedSample("small128");
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      survives(seed, Arrays.copyOf(whole, random.nextInt(whole.length)));
      survives(seed, Arrays.copyOf(packed, random.nextInt(packed.length)));
    }
  }

  @Test
  void packedFilesWithFlippedBits() throws IOException {
    byte[] packed = packedSample("small128");
    for (int seed = 0; seed < 100; seed++) {
      byte[] bytes = packed.clone();
      flip(bytes, new Random(seed), 0, bytes.length, 1);
      survives(seed, bytes);
    }
  }

  @Test
  void limeImagesWithFlippedBits() throws IOException {
    byte[] whole = new DumpBuilder().lime();
    for (int seed = 0; seed < 200; seed++) {
      byte[] bytes = whole.clone();
      flip(bytes, new Random(seed), 0, bytes.length, 20);
      survives(seed, bytes);
    }
  }
}
