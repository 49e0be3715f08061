package org.iommulab.testing;

/** Counts what threads allocate. */
public final class Allocated {

  private Allocated() {}

  /** Bytes that this thread has allocated so far. */
  public static long here() {
    // By name: the program's module does not read the management modules.
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      return (long)
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getCurrentThreadAllocatedBytes")
              .invoke(threads);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this virtual machine does not count what it allocates", e);
    }
  }
}
