package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a driver does with a device and with its memory, and letting the device work. */
public sealed interface DriverCommand extends Command {

  /** A driver writes a register of a device; the value is a number or an expression. */
  record WriteRegister(String dev, String reg, Object value) implements DriverCommand {}

  /**
   * A driver reads a register of a device.
   *
   * @param as name for the value, or null
   */
  record ReadRegister(String dev, String reg, @Nullable String as) implements DriverCommand {}

  /**
   * Lets a device work.
   *
   * @param steps descriptors or commands at most; null: until nothing is left to do
   */
  record Run(String dev, @Nullable Integer steps) implements DriverCommand {}

  /** Something arrives at a device from outside, such as a packet. */
  record Receive(String dev, Bytes data) implements DriverCommand {}

  /** Shows a device: registers, rings, counters. */
  record Show(String dev) implements DriverCommand {}

  /**
   * Lets a device send a series of requests by seed.
   *
   * @param keys {@code pattern}, {@code seed}, {@code count}, {@code ranges} and what else shapes
   *     the series
   */
  record Traffic(String dev, Map<String, Object> keys) implements DriverCommand {
    public Traffic {
      keys = Copies.of(keys);
    }
  }

  /**
   * A driver stores into its memory.
   *
   * @param at kernel or physical address, an expression
   * @param u64 quadwords, each a number or an expression
   */
  record Store(String at, List<Object> u64) implements DriverCommand {
    public Store {
      u64 = List.copyOf(u64);
    }
  }

  /** A driver loads {@code len} bytes; {@code at} is a kernel or physical address. */
  record Load(String at, int len) implements DriverCommand {}
}
