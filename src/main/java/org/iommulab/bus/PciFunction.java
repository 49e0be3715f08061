package org.iommulab.bus;

/**
 * The hardware of a PCI function as its driver meets it: what it is, its registers, and where its
 * interrupts are told to go.
 */
public interface PciFunction {

  /** What a function says it is. */
  PciIdentity identity();

  /** Registers behind its first memory window; 1, 2, 4 or 8 bytes, wherever they begin. */
  Mmio window();

  /** Registers that only it has in configuration space, by their place there; as the window's. */
  Mmio configuration();

  /** Whether some of these lie beyond the 256 bytes that conventional PCI has. */
  boolean hasExtendedConfiguration();

  /** How many of its interrupts are messages of their own; 0 if it sends none. */
  int messages();

  /** Tells it what to write, and where, when an interrupt of that number is due. */
  void setMessage(int number, long address, int data);

  /** It sends no such message any more. */
  void silence(int number);

  /** Whether it has an interrupt pin at all. */
  boolean hasPin();

  /** The level of its pin: whether it wants service, as long as nothing else turns the pin off. */
  boolean isPinAsserted();

  /** Function-level reset: as after power-on. */
  void reset();
}
