package org.iommulab.progress;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A temporary folder that belongs to this process. One that was killed cannot take its folders
 * away; whoever makes the next one does. Whether a process lives, a lock tells that ends with it,
 * so that neither numbers used again nor containers that share the folder mislead.
 */
public final class ScratchFolder implements AutoCloseable {

  private static final String PREFIX = "iommu-lab-";
  private static final String MARK = "-of";
  private static final String OWNER = "owner";
  private static final String CONTENT = "content";

  private final Path top;
  private final FileChannel held;

  private ScratchFolder(Path top, FileChannel held) {
    this.top = top;
    this.held = held;
  }

  /**
   * Makes an empty one, and takes those away that killed processes have left.
   *
   * @param what what it is for, a word
   */
  public static ScratchFolder make(String what) throws IOException {
    Path top = Files.createTempDirectory(PREFIX + what + MARK);
    sweep(top);
    // The owner's file appears with its lock.
    Path fresh = top.resolve("fresh");
    FileChannel held =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    held.lock();
    Files.move(fresh, top.resolve(OWNER));
    Files.createDirectory(top.resolve(CONTENT));
    return new ScratchFolder(top, held);
  }

  private static void sweep(Path mine) {
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(mine.toAbsolutePath().getParent(), PREFIX + "*" + MARK + "*")) {
      for (Path one : beside) {
        if (!one.equals(mine) && isLeft(one, mine)) {
          delete(one);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Whoever comes next tries again.
    }
  }

  /** A folder of the same user whose owner has ended. */
  private static boolean isLeft(Path folder, Path mine) throws IOException {
    Path owner = folder.resolve(OWNER);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS)
        || !Files.isDirectory(folder.resolve(CONTENT), LinkOption.NOFOLLOW_LINKS)
        || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(owner, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  /** Where things can be put. */
  public Path path() {
    return top.resolve(CONTENT);
  }

  /** Takes it away with all that is in it. */
  @Override
  public void close() {
    delete(top);
    try {
      held.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  private static void delete(Path folder) {
    Deque<Path> found = new ArrayDeque<>();
    try (var all = Files.walk(folder)) {
      all.forEach(found::push);
    } catch (IOException | RuntimeException e) {
      return;
    }
    for (Path path : found) {
      if (!path.toFile().delete()) {
        // Where a mapped file cannot be deleted, it goes when the program ends.
        path.toFile().deleteOnExit();
      }
    }
  }
}
