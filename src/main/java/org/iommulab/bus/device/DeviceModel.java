package org.iommulab.bus.device;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A device. It does nothing by itself: {@link #step} moves it on by one descriptor or command.
 *
 * <p>Not thread-safe: one thread owns a machine.
 */
public interface DeviceModel {

  /** Its registers, by offset. */
  List<DeviceRegister> registers();

  /** Registers it has in configuration space beyond what all have; offsets are places there. */
  default List<DeviceRegister> configuration() {
    return List.of();
  }

  /** What a driver reads from a register; looking changes nothing. */
  long read(DeviceRegister register);

  /** A driver has read a register, which may clear it. */
  default void wasRead(DeviceRegister register) {}

  /** A driver writes a register; doorbells leave work for {@link #step}. */
  void write(DeviceRegister register, long value);

  /**
   * Does the next piece of work.
   *
   * @return false if there is none, or it waits for an answer
   */
  boolean step();

  /** Tells whether it would take something from outside now. */
  default boolean receives(byte[] data) {
    return false;
  }

  /**
   * Something arrives from outside, such as a packet on the wire.
   *
   * @return false if this device has no such entrance, or it is full
   */
  default boolean receive(byte[] data) {
    return false;
  }

  /** Power-on state. */
  void reset();

  /**
   * Whether it would like its driver's attention: what its interrupt pin shows as long as it has
   * one and sends no messages.
   */
  default boolean wantsAttention() {
    return false;
  }

  /** It has an interrupt pin, see {@link #wantsAttention}. */
  default boolean hasPin() {
    return false;
  }

  /** Its rings and queues in memory. */
  default List<Ring> rings() {
    return List.of();
  }

  /** What it is doing, in a few words such as {@code idle}. */
  String activity();

  /** What it last sent to the outside, such as a packet; empty if nothing yet. */
  default Optional<byte[]> output() {
    return Optional.empty();
  }

  /** The register of that name; empty if there is none. */
  default Optional<DeviceRegister> register(String name) {
    return Stream.concat(registers().stream(), configuration().stream())
        .filter(each -> each.name().equals(name))
        .findFirst();
  }

  /**
   * A ring of descriptors in memory.
   *
   * @param name such as {@code tx}
   * @param base address as the device knows it
   * @param entryBytes bytes of one descriptor
   * @param entries how many there are; 0 while it is not set up
   * @param head next one the device takes
   * @param tail first one it must not touch
   */
  record Ring(String name, long base, int entryBytes, int entries, int head, int tail) {}
}
