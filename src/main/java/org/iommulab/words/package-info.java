/**
 * How sentences for people are written, whatever was in the input. May import nothing of the
 * laboratory.
 */
package org.iommulab.words;
