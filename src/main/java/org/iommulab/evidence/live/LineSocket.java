package org.iommulab.evidence.live;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.iommulab.words.OneLine;
import org.iommulab.words.WhyNot;

/** Lines of text over a UNIX socket; whoever waits waits so long and no longer. */
final class LineSocket implements AutoCloseable {

  /** The flat view of a big machine has some hundred kilobytes. */
  private static final int LONGEST_LINE = 32 << 20;

  private final Path path;
  private final Duration patience;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocate(1 << 16).flip();

  private LineSocket(Path path, Duration patience, SocketChannel channel, Selector selector) {
    this.path = path;
    this.patience = patience;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @param patience how long each line may take, from the first byte asked for to the last
   */
  static LineSocket open(Path path, Duration patience) throws Lost {
    if (!Files.exists(path)) {
      throw new Lost(
          "There is no socket " + path + ": start QEMU with -qmp unix:FILE,server=on,wait=off.");
    }
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new LineSocket(path, patience, channel, selector);
    } catch (IOException | RuntimeException e) {
      throw new Lost(
          OneLine.of(path + " cannot be connected to (" + WhyNot.read(e) + "): is QEMU running?"));
    }
  }

  /** Sends a line. */
  void send(String line) throws Lost {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) == 0) {
          await(SelectionKey.OP_WRITE, deadline);
        }
      }
    } catch (IOException e) {
      throw gone();
    }
  }

  /** The next line. */
  String receive() throws Lost {
    var line = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      while (input.hasRemaining()) {
        byte letter = input.get();
        if (letter == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(letter);
      }
      if (line.size() > LONGEST_LINE) {
        throw new Lost(path + " sends a line that does not end: that is no QMP.");
      }
      fill(deadline);
    }
  }

  private void fill(long deadline) throws Lost {
    try {
      input.clear();
      int read = channel.read(input);
      input.flip();
      if (read < 0) {
        throw gone();
      }
      if (read == 0) {
        await(SelectionKey.OP_READ, deadline);
      }
    } catch (IOException e) {
      input.position(0).limit(0);
      throw gone();
    }
  }

  private void await(int operation, long deadline) throws IOException, Lost {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new Lost(
          path
              + " does not answer within "
              + patience.toMillis()
              + " ms: QEMU is stopped, or somebody else is connected to its QMP socket.");
    }
    channel.keyFor(selector).interestOps(operation);
    selector.select(left);
    selector.selectedKeys().clear();
  }

  private Lost gone() {
    return new Lost(path + ": QEMU has ended the connection.");
  }

  @Override
  public void close() {
    close(selector);
    close(channel);
  }

  private static void close(Closeable open) {
    try {
      open.close();
    } catch (IOException e) {
      // A socket that cannot be closed is gone already.
    }
  }
}
