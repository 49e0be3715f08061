package org.iommulab.bench;

import java.util.concurrent.TimeUnit;
import org.iommulab.memory.PhysicalMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a walker and a driver pay for one quadword of physical memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryBenchmark {

  private static final long BYTES = 1 << 20;

  private PhysicalMemory memory;
  private RandomStream random;

  @Setup
  public void setUp() {
    memory = PhysicalMemory.ofSize(1L << 33);
    random = new RandomStream();
    for (long at = 0; at < BYTES; at += 8) {
      memory.writeQword(at, at);
    }
  }

  @Benchmark
  public long read() {
    return memory.readQword(random.below(BYTES) & ~7L);
  }

  @Benchmark
  public void write() {
    memory.writeQword(random.below(BYTES) & ~7L, 1);
  }

  @Benchmark
  public PhysicalMemory.Checkpoint writeAfterCheckpoint() {
    memory.writeQword(random.below(BYTES) & ~7L, 1);
    PhysicalMemory.Checkpoint checkpoint = memory.checkpoint();
    memory.forgetBefore(checkpoint);
    return checkpoint;
  }
}
