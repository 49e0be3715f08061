package org.iommulab.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a traced function, complete with what it called.
 *
 * @param function the kernel's or QEMU's own name, such as {@code __domain_mapping}
 * @param arguments in the order of the function's parameters
 * @param effects what it changed, one short phrase each, in order
 * @param writes table entries it wrote, in order
 * @param result return value in words or null for void
 * @param errno name of the error such as {@code EEXIST}, or null if it succeeded
 * @param cause the check that produced the error, or null
 * @param children calls it made, in order
 */
public record CallFrame(
    String function,
    List<Argument> arguments,
    List<String> effects,
    List<EntryWrite> writes,
    @Nullable String result,
    @Nullable String errno,
    @Nullable String cause,
    List<CallFrame> children) {

  public CallFrame {
    arguments = List.copyOf(arguments);
    effects = List.copyOf(effects);
    writes = List.copyOf(writes);
    children = List.copyOf(children);
  }

  /** One argument; addresses and sizes are in hexadecimal when {@code hex} is set. */
  public record Argument(String name, long value, boolean hex, @Nullable String text) {}

  /**
   * A quadword of a table that the function stored.
   *
   * @param where the entry by name, such as {@code PD[2]}
   * @param address its physical address
   * @param before old value
   * @param after new value
   */
  public record EntryWrite(String where, long address, long before, long after) {}

  /** Number of frames in this tree, itself included. */
  public int size() {
    int size = 1;
    for (CallFrame child : children) {
      size += child.size();
    }
    return size;
  }
}
