package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.lzo.LzoCompressor;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of makedumpfile are read whatever packs their pages. */
final class CompressedDumpTest {

  private static final MappedRange PAGE =
      new MappedRange(0x4000, 0x1000, 0x500000, EntryRights.ALL, 1);

  @TempDir private Path folder;

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

  private static DumpBuilder.Packer by(Compressor compressor) {
    return page -> {
      var out = new byte[compressor.maxCompressedLength(page.length)];
      int length = compressor.compress(page, 0, page.length, out, 0, out.length);
      return Arrays.copyOf(out, length);
    };
  }

  private Snapshot opened(String name, byte... bytes) throws IOException {
    Evidence evidence = Evidence.open(Files.write(folder.resolve(name), bytes));
    if (evidence instanceof BadEvidence(String sentence)) {
      throw new AssertionError(sentence);
    }
    return (Snapshot) evidence;
  }

  private String refused(byte... bytes) throws IOException {
    Evidence evidence = Evidence.open(Files.write(folder.resolve("bad"), bytes));
    return evidence instanceof BadEvidence(String sentence) ? sentence : "";
  }

  private void shows(String name, byte... bytes) throws IOException {
    Snapshot snapshot = opened(name, bytes);
    var tables = snapshot.tables();
    assertThat(tables.table(tables.tableKeys().getFirst()).ranges()).as(name).containsExactly(PAGE);
    assertThat(snapshot.registerBase()).contains(DumpBuilder.REGISTERS);
  }

  @Test
  void pagesOfEveryPackingShowTheSame() throws IOException {
    var dump = new DumpBuilder();
    shows("plain", dump.kdump(0, page -> page));
    shows("zlib", dump.kdump(1, CompressedDumpTest::zlib));
    shows("lzo", dump.kdump(2, by(new LzoCompressor())));
    shows("snappy", dump.kdump(4, by(new SnappyJavaCompressor())));
    shows("zstd", dump.kdump(0x20, by(new ZstdJavaCompressor())));
  }

  @Test
  void flattenedAndGzippedDumpsAreTheSame() throws IOException {
    byte[] plain = new DumpBuilder().kdump(1, CompressedDumpTest::zlib);
    shows("flat", DumpBuilder.flattened(plain));
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    shows("vmcore.gz", gzip.toByteArray());
  }

  @Test
  void oldDumpsHaveOneBitmapOnly() throws IOException {
    byte[] two =
        new DumpBuilder().without(DumpBuilder.REGISTERS).kdump(1, CompressedDumpTest::zlib);
    // Without the first bitmap's block: all that follows moves up.
    ByteBuffer one = ByteBuffer.allocate(two.length - 4096).order(ByteOrder.LITTLE_ENDIAN);
    one.put(two, 0, 2 * 4096).put(two, 3 * 4096, two.length - 3 * 4096);
    one.putInt(436, 1);
    for (int at = 3 * 4096; at < 3 * 4096 + 24 * 6; at += 24) {
      one.putLong(at, one.getLong(at) - 4096);
    }
    Snapshot snapshot = opened("one", one.array());
    assertThat(snapshot.tables().contexts()).hasSize(1);
  }

  @Test
  void whatWasLeftOutReadsAsZeroAndIsSaid() throws IOException {
    byte[] bytes = new DumpBuilder().kdump(1, CompressedDumpTest::zlib);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(4096 + 8, 31);
    assertThat(opened("d31", bytes).warnings()).anyMatch(each -> each.contains("level 31"));
    header.putInt(4096 + 12, 1);
    assertThat(opened("part", bytes).warnings()).anyMatch(each -> each.contains("--reassemble"));
    // The last page, that of the registers, is RAM but not in the file.
    int blocks = header.getInt(436) / 2;
    bytes[(2 + blocks) * 4096 + (int) (DumpBuilder.REGISTERS >>> 15)] &= ~1;
    Snapshot hole = opened("hole", bytes);
    assertThat(hole.unit().madeUp()).isTrue();
    assertThat(hole.memory().isRam(DumpBuilder.REGISTERS, 4096)).isTrue();
    assertThat(hole.memory().readQword(DumpBuilder.REGISTERS + 8)).isZero();
  }

  @Test
  void headersThatCannotBeAreASentence() throws IOException {
    byte[] whole = new DumpBuilder().kdump(1, CompressedDumpTest::zlib);
    assertThat(refused(Arrays.copyOf(whole, 100))).contains("its header has 464 bytes");
    assertThat(refused(Arrays.copyOf(whole, 3 * 4096))).contains("its page bitmaps end");
    byte[] huge = whole.clone();
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(4096 + 96, 1L << 50);
    assertThat(refused(huge)).contains("which no machine has");
    byte[] block = whole.clone();
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(428, 65536);
    assertThat(refused(block)).contains("has pages of 65536 bytes");
    assertThat(refused(Arrays.copyOf(DumpBuilder.flattened(whole), 9000))).contains("is cut off");
  }

  @Test
  void damagedDumpsAreASentenceOrASnapshot() throws IOException {
    byte[] zstd = new DumpBuilder().kdump(0x20, by(new ZstdJavaCompressor()));
    byte[] lzo = new DumpBuilder().kdump(2, by(new LzoCompressor()));
    byte[] snappy = new DumpBuilder().kdump(4, by(new SnappyJavaCompressor()));
    byte[] flat = DumpBuilder.flattened(zstd);
    for (int seed = 0; seed < 120; seed++) {
      for (byte[] whole : new byte[][] {zstd, lzo, snappy, flat}) {
        var random = new Random(seed);
        byte[] bytes =
            seed % 5 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = 0; i < 1 + seed % 7 && bytes.length > 0; i++) {
          // Half of the changes in the headers, where they count.
          int from = seed % 2 == 0 ? 0 : Math.min(4 * 4096 * 4, bytes.length - 1);
          bytes[from + random.nextInt(bytes.length - from)] ^= (byte) (1 << random.nextInt(8));
        }
        switch (Evidence.open(Files.write(folder.resolve("damaged"), bytes))) {
          case Snapshot snapshot ->
              assertThat(Inspection.json(snapshot)).as("seed %d", seed).startsWith("{");
          case BadEvidence(String sentence) ->
              assertThat(sentence).as("seed %d", seed).endsWith(".").doesNotContain("Exception");
        }
      }
    }
  }
}
