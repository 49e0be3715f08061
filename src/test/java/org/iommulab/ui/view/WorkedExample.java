package org.iommulab.ui.view;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;

/**
 * The map of two megabytes and two pages that the course works through, written by hand: 514 pages
 * of domain 21, seven entries in four tables.
 *
 * <pre>
 * root 109000000 [00] -> context 109001000 [18] -> PML4 10A000000
 *   PML4[0] -> PDPT 10A001[4] -> PD 10A002
 *     PD[1] -> PT 10A003[1FF]  frame 17FFFF
 *     PD[2] leaf               frame 180000, 2 MiB
 *     PD[3] -> PT 10A004[0]    frame A3C7
 * </pre>
 */
public final class WorkedExample {

  /** Inside the large page. */
  public static final long ADDRESS = 0x1_004A_BCDEL;

  /** Address of PD[2]. */
  public static final long LARGE_LEAF = 0x10A00_2010L;

  private static final int GCMD = 0x18;
  private static final int RTADDR = 0x20;

  private WorkedExample() {}

  /** Powers on, writes the tables and switches translation on. */
  public static List<Command> setUp() {
    var commands = new ArrayList<Command>();
    commands.add(store(0x1_0900_0000L, 0x1_0900_1001L));
    commands.add(store(0x1_0900_1180L, 0x1_0A00_0001L, 0x2102));
    commands.add(store(0x1_0900_1200L, 0x1_0A00_0001L, 0x2102));
    commands.addAll(map());
    commands.add(new Command.RegWrite(RTADDR, 8, 0x1_0900_0000L));
    commands.add(new Command.RegWrite(GCMD, 4, 1L << 30));
    commands.add(new Command.RegWrite(GCMD, 4, 1L << 31));
    return commands;
  }

  private static List<Command> map() {
    return List.of(
        store(0x10A00_0000L, 0x1_0A00_1003L),
        store(0x10A00_1020L, 0x1_0A00_2003L),
        store(0x10A00_2008L, 0x1_0A00_3003L, 0x1_8000_0883L, 0x1_0A00_4003L),
        store(0x10A00_3FF8L, 0x1_7FFF_F803L),
        store(0x10A00_4000L, 0x0A3C_7803L));
  }

  /** The device writes four bytes into the large page. */
  public static Command write() {
    return new Command.DmaWrite(
        "00:03.0", ADDRESS, Bytes.of((byte) 1, (byte) 2, (byte) 3, (byte) 4));
  }

  /** The device writes four bytes where nothing is mapped. */
  public static Command strayWrite() {
    return new Command.DmaWrite("00:03.0", 0x2_0000_0000L, Bytes.of((byte) 1));
  }

  /** Clears PD[2] without invalidating: what the IOTLB kept of it is stale. */
  public static Command clearLargeLeaf() {
    return store(LARGE_LEAF, 0);
  }

  private static Command store(long address, long... quadwords) {
    return new Command.MemWrite(address, Bytes.ofQuadwords(quadwords));
  }
}
