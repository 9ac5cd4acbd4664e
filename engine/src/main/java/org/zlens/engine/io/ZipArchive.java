package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.ZlensException;

/**
 * The entries of a zip file, stored or deflated, with their places in the file.
 *
 * <p>The JDK's own zip reader does not say where an entry's data begin, takes the last of two
 * entries of one name, and checks neither overlaps nor names; hence this one.
 */
final class ZipArchive {
  private static final int END = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR = 20;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64 = 56;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int CENTRAL = 46;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL = 30;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LARGEST_DIRECTORY = 64 << 20;
  private static final int MOST_ENTRIES = 100_000;

  /** Deflate cannot pack better than this; a claim beyond it is a lie. */
  private static final long BEST_RATIO = 1032;

  private static final long MASK32 = 0xffffffffL;

  private final Path path;
  private final FileChannel channel;
  private final FileBlock file;
  private final Map<String, ZipMember> members = new LinkedHashMap<>();

  /** The directory's place, from the end record. */
  private record Directory(long start, long size, long entries) {}

  ZipArchive(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.file = new FileBlock(channel, 0, channel.size());
    Directory directory = locate();
    readDirectory(directory);
    checkOverlaps(directory.start());
  }

  /** The names of all entries, in the order of the directory. */
  Collection<String> names() {
    return members.keySet();
  }

  /** The entry of that name, or null. */
  ZipMember member(String name) {
    return members.get(name);
  }

  /** The contents of an entry, whose CRC-32 is checked on the first read. */
  Block block(ZipMember member) {
    return new CheckedBlock(member.name(), unchecked(member), member.crc());
  }

  /** The contents of an entry, for a look at its first bytes. */
  Block unchecked(ZipMember member) {
    Block packed = new FileBlock(channel, member.start(), member.packed());
    return member.deflated() ? new DeflatedBlock(packed, member.size()) : packed;
  }

  private Directory locate() throws IOException {
    int length = (int) Math.min(file.size(), END + 0xffff + LOCATOR);
    ByteBuffer tail = read(file.size() - length, length);
    for (int at = length - END; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE && at + END + u2(tail, at + 20) == length) {
        long position = file.size() - length + at;
        Directory directory =
            new Directory(u4(tail, at + 16), u4(tail, at + 12), u2(tail, at + 10));
        if (at >= LOCATOR && tail.getInt(at - LOCATOR) == LOCATOR_SIGNATURE) {
          long end64 = tail.getLong(at - LOCATOR + 8);
          directory = locate64(end64, position);
        }
        checkDirectory(directory, position);
        return directory;
      }
    }
    throw DataFault.in(
        path, "is not a whole zip archive: it has no directory at its end", "it may be cut short");
  }

  private Directory locate64(long position, long limit) throws IOException {
    if (position < 0 || position > limit - END64) {
      throw fault("the zip64 end record lies outside the file");
    }
    ByteBuffer end = read(position, END64);
    if (end.getInt(0) != END64_SIGNATURE) {
      throw fault("the zip64 end record is damaged");
    }
    return new Directory(end.getLong(48), end.getLong(40), end.getLong(32));
  }

  private void checkDirectory(Directory directory, long limit) {
    if (directory.start() < 0
        || directory.size() < 0
        || directory.size() > limit
        || directory.start() > limit - directory.size()) {
      throw fault("the zip directory lies outside the file");
    }
    if (directory.size() > LARGEST_DIRECTORY
        || directory.entries() < 0
        || directory.entries() > MOST_ENTRIES) {
      throw fault("the zip directory is too large (" + directory.entries() + " entries)");
    }
  }

  private void readDirectory(Directory directory) throws IOException {
    ByteBuffer bytes = read(directory.start(), (int) directory.size());
    for (long i = 0; i < directory.entries(); i++) {
      if (bytes.remaining() < CENTRAL || bytes.getInt(bytes.position()) != CENTRAL_SIGNATURE) {
        throw fault("the zip directory is damaged at entry " + i);
      }
      int at = bytes.position();
      int nameLength = u2(bytes, at + 28);
      int extraLength = u2(bytes, at + 30);
      int next = at + CENTRAL + nameLength + extraLength + u2(bytes, at + 32);
      if (next > bytes.limit()) {
        throw fault("the zip directory is cut short at entry " + i);
      }
      byte[] raw = new byte[nameLength];
      bytes.get(at + CENTRAL, raw);
      String name = new String(raw, StandardCharsets.UTF_8);
      ByteBuffer extra =
          bytes.slice(at + CENTRAL + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
      ZipMember member = member(name, bytes, at, extra);
      if (members.put(name, member) != null) {
        throw fault("two entries named " + DataFault.quote(name) + " (duplicate)");
      }
      bytes.position(next);
    }
    if (bytes.hasRemaining()) {
      throw fault("the zip directory holds more than its " + directory.entries() + " entries");
    }
  }

  private ZipMember member(String name, ByteBuffer bytes, int at, ByteBuffer extra)
      throws IOException {
    checkName(name);
    long size = u4(bytes, at + 24);
    long packed = u4(bytes, at + 20);
    long header = u4(bytes, at + 42);
    if (size == MASK32 || packed == MASK32 || header == MASK32) {
      ByteBuffer wide = zip64(extra, name);
      size = size == MASK32 ? nextLong(wide, name) : size;
      packed = packed == MASK32 ? nextLong(wide, name) : packed;
      header = header == MASK32 ? nextLong(wide, name) : header;
    }
    String entry = "entry " + DataFault.quote(name);
    if ((u2(bytes, at + 8) & 1) != 0) {
      throw fault(entry + " is encrypted");
    }
    int method = u2(bytes, at + 10);
    if (method != 0 && method != 8) {
      throw fault(entry + " is packed by method " + method + ", expected stored or deflated");
    }
    if (size < 0 || packed < 0 || packed > file.size()) {
      throw fault(entry + " has an impossible size");
    }
    if (method == 0 && size != packed || size / BEST_RATIO > packed) {
      throw fault(entry + " claims " + size + " bytes from " + packed);
    }
    long start = dataStart(header, name);
    if (packed > file.size() - start) {
      throw fault(entry + " reaches beyond the end of the file");
    }
    return new ZipMember(name, method == 8, start, packed, size, bytes.getInt(at + 16));
  }

  private long dataStart(long header, String name) throws IOException {
    if (header < 0 || header > file.size() - LOCAL) {
      throw fault("entry " + DataFault.quote(name) + " lies outside the file");
    }
    ByteBuffer local = read(header, LOCAL);
    int nameLength = u2(local, 26);
    long start = header + LOCAL + nameLength + u2(local, 28);
    if (local.getInt(0) != LOCAL_SIGNATURE || start > file.size()) {
      throw fault("entry " + DataFault.quote(name) + " has a damaged header");
    }
    ByteBuffer raw = read(header + LOCAL, nameLength);
    if (!new String(raw.array(), StandardCharsets.UTF_8).equals(name)) {
      throw fault("entry " + DataFault.quote(name) + " has another name in its own header");
    }
    return start;
  }

  private ByteBuffer zip64(ByteBuffer extra, String name) {
    while (extra.remaining() >= 4) {
      int tag = u2(extra, extra.position());
      int length = u2(extra, extra.position() + 2);
      extra.position(extra.position() + 4);
      if (length > extra.remaining()) {
        break;
      }
      if (tag == 1) {
        return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }
      extra.position(extra.position() + length);
    }
    throw fault("entry " + DataFault.quote(name) + " lacks its zip64 sizes");
  }

  private long nextLong(ByteBuffer wide, String name) {
    if (wide.remaining() < Long.BYTES) {
      throw fault("entry " + DataFault.quote(name) + " lacks its zip64 sizes");
    }
    return wide.getLong();
  }

  /** Nothing is ever unpacked to disk; a name that tries to leave the folder is still a warning. */
  private void checkName(String name) {
    boolean outside = name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0;
    outside |= name.indexOf('\0') >= 0 || name.indexOf(':') == 1;
    for (String part : name.split("/", -1)) {
      outside |= part.equals("..") || part.equals(".");
    }
    if (outside) {
      throw fault("entry name " + DataFault.quote(name) + " would lead outside the archive");
    }
  }

  private void checkOverlaps(long directoryStart) {
    List<ZipMember> sorted = new ArrayList<>(members.values());
    sorted.sort(Comparator.comparingLong(ZipMember::start));
    long end = 0;
    for (ZipMember member : sorted) {
      if (member.start() < end) {
        throw fault("entry " + DataFault.quote(member.name()) + " overlaps another");
      }
      end = member.start() + member.packed();
    }
    if (end > directoryStart) {
      throw fault("the last entry overlaps the zip directory");
    }
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(position, bytes);
    return bytes.flip();
  }

  private static int u2(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff;
  }

  private static long u4(ByteBuffer bytes, int at) {
    return bytes.getInt(at) & MASK32;
  }

  private ZlensException fault(String message) {
    return DataFault.in(path, message);
  }
}
