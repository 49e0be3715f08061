package org.iommulab.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One request through the unit; the allocation per request must be zero. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TranslationBenchmark {

  @Param({"4k", "2m", "1g", "sparse", "hit"})
  public String pages = "4k";

  private TranslationWorkload workload;
  private RandomStream random;

  @Setup
  public void setUp() {
    random = new RandomStream();
    workload =
        switch (pages) {
          case "4k" -> TranslationWorkload.dense(1L << 30, 1);
          case "2m" -> TranslationWorkload.dense(1L << 38, 2);
          case "1g" -> TranslationWorkload.dense(1L << 38, 3);
          case "sparse" -> TranslationWorkload.sparse();
          default -> TranslationWorkload.hits();
        };
  }

  @Benchmark
  public long translate() {
    return workload.next(random);
  }
}
