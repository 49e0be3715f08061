package org.iommulab.peer.x86;

/** The vector registers of a thread: xmm, ymm and zmm are the lower parts of one another. */
public interface VectorFile {

  /** Tells whether a register of that number can be reached with so many bytes. */
  boolean has(int register, int bytes);

  /** The lowest bytes of a register: 16, 32 or 64. */
  byte[] read(int register, int bytes);

  /**
   * Sets the lowest bytes of a register: 16, 32 or 64.
   *
   * @param clearsRest what lies above becomes zero
   */
  void write(int register, byte[] value, boolean clearsRest);
}
