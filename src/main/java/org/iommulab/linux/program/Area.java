package org.iommulab.linux.program;

/**
 * One mapping of a real process, as {@code /proc/PID/maps} tells it.
 *
 * @param start first address
 * @param end first address behind it
 * @param readable whether the program may read there
 * @param writable whether it may write there
 * @param shared whether stores reach other processes
 * @param offset where in its file it begins, in bytes
 * @param inode the file's inode with its device number above bit 40; 0 without a file
 * @param name the file's path, empty without one
 */
public record Area(
    long start,
    long end,
    boolean readable,
    boolean writable,
    boolean shared,
    long offset,
    long inode,
    String name) {

  private static final int DEVICE_SHIFT = 40;

  /** Tells whether its pages are those of a file, seen by all who map it. */
  public boolean ofFile() {
    return shared && inode != 0;
  }

  /** The page of the file that an address shows. */
  public long pageOf(long address) {
    return address - start + offset >>> 12;
  }

  /** A file's identity out of the numbers of its device and inode. */
  public static long identity(long major, long minor, long inode) {
    return inode == 0 ? 0 : (major << 8 | minor) << DEVICE_SHIFT ^ inode;
  }

  /** A line of {@code /proc/PID/maps}. */
  public static Area parse(String line) {
    String[] words = line.split(" +", 6);
    int dash = words[0].indexOf('-');
    int colon = words[3].indexOf(':');
    return new Area(
        Long.parseUnsignedLong(words[0], 0, dash, 16),
        Long.parseUnsignedLong(words[0], dash + 1, words[0].length(), 16),
        words[1].charAt(0) == 'r',
        words[1].charAt(1) == 'w',
        words[1].charAt(3) == 's',
        Long.parseUnsignedLong(words[2], 16),
        identity(
            Long.parseLong(words[3], 0, colon, 16),
            Long.parseLong(words[3], colon + 1, words[3].length(), 16),
            Long.parseLong(words[4])),
        words.length > 5 ? words[5] : "");
  }
}
