package org.iommulab.evidence.debugfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Texts of real kernels, read, printed again, and made anew from the dump of the same moment. */
class DebugfsCapturesTest {

  private static final List<String> KINDS =
      List.of(
          "dmar_translation_struct",
          "domain_translation_struct",
          "invalidation_queue",
          "ir_translation_struct",
          "iommu_regset",
          "dmar_perf_latency");

  @Test
  void everyTextIsPrintedAsItWasRead() {
    for (Path file : files()) {
      String text = text(file);
      DebugfsReading reading = DebugfsFile.read(text);
      assertThat(reading).as(file.toString()).isInstanceOf(DebugfsFile.class);
      assertThat(((DebugfsFile) reading).text()).as(file.toString()).isEqualTo(text);
    }
  }

  @TestFactory
  Stream<DynamicTest> dumpGivesTheTextTheKernelPrinted() {
    return files().stream()
        .filter(file -> Files.isDirectory(snapshot(file)))
        .filter(file -> !file.toString().contains("dmar_perf_latency"))
        .map(file -> DynamicTest.dynamicTest(name(file), () -> compare(file)));
  }

  private static void compare(Path file) {
    Snapshot snapshot = (Snapshot) Evidence.open(snapshot(file));
    String name = String.valueOf(file.getFileName());
    var writer = new DebugfsWriter(snapshot.tables(), "dmar0");
    DebugfsFile made;
    if (name.contains("domain_translation_struct")) {
      String device = name.replaceAll(".*?0000-(..)-(..\\.\\d)__.*", "$1:$2");
      made = writer.pages(SourceId.parse(device).orElseThrow());
    } else if (name.contains("dmar_translation_struct")) {
      made = writer.translation();
    } else if (name.contains("invalidation_queue")) {
      made = writer.queue();
    } else if (name.contains("ir_translation_struct")) {
      made = writer.interrupts();
    } else {
      made = writer.registers(snapshot.registerBase().orElseThrow());
    }
    assertThat(made.text()).isEqualTo(text(file));
  }

  /** The dump of the moment a text was written in. */
  private static Path snapshot(Path file) {
    Path folder = file.getParent();
    String moment = folder.getFileName().toString().replaceFirst("^dbg-", "");
    return folder.getParent().resolveSibling("snap-" + moment);
  }

  private static String name(Path file) {
    Path folder = file.getParent();
    return folder.getFileName() + "/" + file.getFileName();
  }

  private static String text(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files() {
    return Shared.folder("captures").map(DebugfsCapturesTest::files).orElse(List.of());
  }

  private static List<Path> files(Path captures) {
    try (Stream<Path> all = Files.walk(captures, 4)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> KINDS.stream().anyMatch(kind -> file.toString().contains(kind)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
