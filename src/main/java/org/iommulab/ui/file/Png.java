package org.iommulab.ui.file;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.PixelReader;

/** Writes pictures as PNG (RFC 2083): 8 bits a channel, no alpha, one compressed block. */
public final class Png {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int TRUECOLOUR = 2;

  private Png() {}

  /** Writes a picture to a file, making its folder if there is none. */
  public static void write(Image image, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      write(image, out);
    }
  }

  private static void write(Image image, OutputStream out) throws IOException {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    out.write(SIGNATURE);
    var header = new ByteArrayOutputStream();
    var fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, TRUECOLOUR, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", compressed(image.getPixelReader(), width, height));
    chunk(out, "IEND", new byte[0]);
  }

  private static byte[] compressed(PixelReader pixels, int width, int height) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int[] argb = new int[width];
    byte[] row = new byte[1 + width * 3];
    try (var deflate = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_SPEED))) {
      for (int y = 0; y < height; y++) {
        pixels.getPixels(0, y, width, 1, PixelFormat.getIntArgbInstance(), argb, 0, width);
        for (int x = 0; x < width; x++) {
          row[1 + x * 3] = (byte) (argb[x] >>> 16);
          row[2 + x * 3] = (byte) (argb[x] >>> 8);
          row[3 + x * 3] = (byte) argb[x];
        }
        deflate.write(row);
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(OutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    var crc = new CRC32();
    crc.update(name);
    crc.update(data);
    var fields = new DataOutputStream(out);
    fields.writeInt(data.length);
    fields.write(name);
    fields.write(data);
    fields.writeInt((int) crc.getValue());
    fields.flush();
  }
}
