package org.iommulab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iommulab.testing.Allocated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchmarkTest {

  @ParameterizedTest
  @CsvSource({
    "walk-4k-random, 16777216, 401fff1dc574c175",
    "walk-2m-random, 16777216, 60032494c574c175",
    "walk-1g-random, 16777216, 60032494c574c175",
    "walk-4k-sparse,  8388608, 200400095caeb000",
    "iotlb-hit,      16777216, 40000ffeb854c175",
    "map-4k,           262144, 0000000000040000",
    "unmap-4k,         262144, 0000000000040000",
  })
  void sameWorkAsTheProgramInC(String name, long operations, String checksum) {
    Workload workload = Benchmark.setUp(name);

    assertThat(workload.operations()).isEqualTo(operations);
    assertThat(workload.round().checksum()).isEqualTo(Long.parseUnsignedLong(checksum, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "map-64g-1g,        64000, 000000000000fa00",
    "dma-map-strict,  1000000, 00000001e80c783b",
    "dma-map-lazy,    1000000, 00000001e80c783b",
  })
  void theKernelsWorkIsTheSameInEveryRun(String name, long operations, String checksum) {
    Workload workload = Benchmark.setUp(name);

    assertThat(workload.operations()).isEqualTo(operations);
    assertThat(workload.round().checksum()).isEqualTo(Long.parseUnsignedLong(checksum, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "scalable-second-hit, 40000ffeb854c175",
    "first-stage-hit,     40000ffeb854c175",
    "nested-hit,          40000ffeb854c175",
    "interrupt-remap,     003fba0e3ecaa4a0",
    "invalidate-page-1k,  0000000000000400",
    "invalidate-domain-1k, 0000000000000400",
  })
  void sameAddressesWhateverTheTables(String name, String checksum) {
    assertThat(Benchmark.setUp(name).round().checksum())
        .isEqualTo(Long.parseUnsignedLong(checksum, 16));
  }

  @Test
  void workloadsOfTheProgramInCComeFirstAndInItsOrder() {
    assertThat(Benchmark.names())
        .startsWith(
            "walk-4k-random",
            "walk-2m-random",
            "walk-1g-random",
            "walk-4k-sparse",
            "iotlb-hit",
            "map-4k",
            "unmap-4k");
  }

  @Test
  void translationsAllocateNothing() {
    for (TranslationWorkload workload :
        new TranslationWorkload[] {
          TranslationWorkload.dense(1 << 24, 1), TranslationWorkload.hits()
        }) {
      var random = new RandomStream();
      workload.next(random);
      long before = Allocated.here();
      for (int i = 0; i < 100_000; i++) {
        workload.next(random);
      }
      // Reflection itself takes some bytes, far fewer than one a request.
      assertThat(Allocated.here() - before).isLessThan(50_000);
    }
  }

  @Test
  void lineIsThatOfTheProgramInC(@TempDir Path folder) throws IOException {
    var ours = new Measurement("iotlb-hit", 16, 2.5, 0xABL);
    Path file = folder.resolve("limit.jsonl");
    Files.writeString(
        file,
        "{\"workload\":\"iotlb-hit\",\"ops\":16,\"ns_per_op\":1.250,"
            + "\"checksum\":\"00000000000000ab\"}\n");

    assertThat(ours.json())
        .isEqualTo(
            "{\"workload\":\"iotlb-hit\",\"ops\":16,\"ns_per_op\":2.500,"
                + "\"checksum\":\"00000000000000ab\"}");
    assertThat(Limits.read(file).comparison(ours)).contains("ratio  2.00").doesNotContain("DIFFER");
    assertThat(Limits.read(file).comparison(new Measurement("iotlb-hit", 16, 2.5, 1)))
        .contains("CHECKSUMS DIFFER");
    assertThat(Limits.NONE.comparison(ours)).isEmpty();
  }

  @Test
  void otherLinesAreNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("limit.jsonl");
    Files.writeString(file, "{}\n");

    assertThatThrownBy(() -> Limits.read(file)).hasMessageContaining("line 1");
  }
}
