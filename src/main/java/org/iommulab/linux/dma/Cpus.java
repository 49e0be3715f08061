package org.iommulab.linux.dma;

/** How many CPUs there are, and which one runs the present call. */
public final class Cpus {

  private final int count;
  private int current;

  /**
   * @param count possible CPUs; number 0 runs first
   */
  public Cpus(int count) {
    this.count = count;
  }

  /** Possible CPUs. */
  public int count() {
    return count;
  }

  /** The CPU that runs now. */
  public int current() {
    return current;
  }

  /** Lets another CPU run; false if there is no such CPU. */
  public boolean switchTo(int cpu) {
    if (cpu < 0 || cpu >= count) {
      return false;
    }
    current = cpu;
    return true;
  }
}
