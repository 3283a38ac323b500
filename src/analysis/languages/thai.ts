// Thai has no inflection: stop words alone.

export const stems = (): string[] => [];

export const stopWords: readonly string[] = (
  'ที่ และ ของ ใน เป็น มี ได้ ให้ การ จะ ไม่ นี้ กับ จาก โดย หรือ คือ ว่า แล้ว อยู่ อย่าง อย่างไร ยังไง ทำไม เมื่อ ไหน ใคร อะไร วิธี ' +
  'ทำ ต้อง สามารถ ฉัน ผม คุณ ก็ ซึ่ง ถ้า ด้วย เพื่อ'
).split(' ');
